a
b

c
