for i in; do a; done
