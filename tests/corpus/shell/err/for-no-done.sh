for i in a; do b
