a > >(tee f) 2> >(cat >&2) < <(b)
