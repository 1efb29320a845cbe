a &&

b ||
c
