a > f
b
