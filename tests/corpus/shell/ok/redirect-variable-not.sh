echo {fd} > f {a,b}> g
