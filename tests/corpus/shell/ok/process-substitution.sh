diff <(a) <(b)
