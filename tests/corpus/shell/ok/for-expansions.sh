for f in *.c "$@" $(ls) {1..3}; do a; done
