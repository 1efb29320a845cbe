a < f
