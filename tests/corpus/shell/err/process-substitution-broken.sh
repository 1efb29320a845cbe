cat <(fi)
