A=1 if
