time a | b
