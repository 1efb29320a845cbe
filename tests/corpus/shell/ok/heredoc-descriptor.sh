cat 3<<A
a
A
