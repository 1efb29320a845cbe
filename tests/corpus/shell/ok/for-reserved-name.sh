for for in in do; do a; done
