f() { a; } b
