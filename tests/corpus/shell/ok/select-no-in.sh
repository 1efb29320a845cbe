select x; do c; done
