a[0]=x a[i+1]=y
