time -p a
