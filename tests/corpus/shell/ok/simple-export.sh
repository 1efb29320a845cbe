export A=1 B
