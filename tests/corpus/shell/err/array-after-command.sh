cmd a=(1)
