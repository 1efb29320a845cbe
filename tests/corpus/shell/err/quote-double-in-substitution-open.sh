echo "$(echo "a)"
