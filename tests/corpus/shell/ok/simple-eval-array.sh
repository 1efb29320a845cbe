eval a=(1 2)
