select x in a; { c; }
