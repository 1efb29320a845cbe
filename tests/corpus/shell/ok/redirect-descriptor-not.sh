a 2 > f
