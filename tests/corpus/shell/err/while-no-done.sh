while a; do b;
