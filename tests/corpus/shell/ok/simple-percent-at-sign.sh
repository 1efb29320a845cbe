date +%Y-%m-%d user@host:~/x %1 ^x a,b a:b a~b
