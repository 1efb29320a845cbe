do a
