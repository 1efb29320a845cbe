a > (b)
