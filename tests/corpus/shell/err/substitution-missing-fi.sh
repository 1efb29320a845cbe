echo $(if a; then b)
