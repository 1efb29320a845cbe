git commit -m "fix: don't rm -rf / (see #12)" -m 'a; b && c | d'
