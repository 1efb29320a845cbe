tee >(a) >(b; c)
