function f() { a; }
