if a; then b; elif c; fi
