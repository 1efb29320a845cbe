a[$i]+=x
