for ((a;b;c;d)); do e; done
