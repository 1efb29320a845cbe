until a; do b; done
