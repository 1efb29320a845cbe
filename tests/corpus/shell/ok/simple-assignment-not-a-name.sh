1a=b a.b=c -x=1
