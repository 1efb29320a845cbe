! a | b
