for ((a;b;c
