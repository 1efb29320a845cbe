a
b
c )
