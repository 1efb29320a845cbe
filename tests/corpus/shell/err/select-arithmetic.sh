select ((a;b;c)); do d; done
