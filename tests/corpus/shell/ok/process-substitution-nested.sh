cat <(a <(b))
