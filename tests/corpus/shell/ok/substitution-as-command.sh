$(which ls) -l
