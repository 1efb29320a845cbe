exec {a[1]}> f
