until a; do b
