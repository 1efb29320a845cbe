a+=(x y)
