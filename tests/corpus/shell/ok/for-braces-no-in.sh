for i; { c; }
