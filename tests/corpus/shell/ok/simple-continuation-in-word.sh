ec\
ho hello
