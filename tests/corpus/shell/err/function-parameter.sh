f(x) { a; }
