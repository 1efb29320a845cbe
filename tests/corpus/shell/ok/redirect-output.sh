a > f
