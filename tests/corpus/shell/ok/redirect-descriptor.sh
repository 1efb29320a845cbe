a 2> f 10>> g 0< h
