for ((a;b)); do c; done
