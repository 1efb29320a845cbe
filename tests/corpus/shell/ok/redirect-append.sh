a >> f
