time { a; b; }
