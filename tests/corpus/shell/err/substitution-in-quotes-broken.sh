echo "$(a; done)"
