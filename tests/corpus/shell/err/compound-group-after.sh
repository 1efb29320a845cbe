while a; do b; done { c; }
