a &&
# comment
b |
# another
c
