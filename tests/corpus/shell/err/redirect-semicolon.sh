a < ; b
