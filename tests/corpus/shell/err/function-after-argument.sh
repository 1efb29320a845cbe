a b() { c; }
