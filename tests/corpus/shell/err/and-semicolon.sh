a && ; b
