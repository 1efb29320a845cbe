function f { a; }
