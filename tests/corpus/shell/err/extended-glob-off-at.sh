ls @(a|b)
