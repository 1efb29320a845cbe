cat <((a); b)
