ls +(a)
