a & & b
