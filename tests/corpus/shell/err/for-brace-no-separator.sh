for i { a; }
