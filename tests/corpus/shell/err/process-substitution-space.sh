cat < (a)
