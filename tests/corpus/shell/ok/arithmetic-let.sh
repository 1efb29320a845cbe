let i=1+2 "j = 3"
