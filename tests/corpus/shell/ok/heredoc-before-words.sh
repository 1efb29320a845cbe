<<A cat -n
a
A
