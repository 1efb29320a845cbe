x=<(a) --file=<(b)
