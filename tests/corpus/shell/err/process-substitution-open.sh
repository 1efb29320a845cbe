cat <(a
