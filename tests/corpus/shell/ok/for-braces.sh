for i in a b; { c; }
