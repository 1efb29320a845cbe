time -- a; time -p -- b
