if a; then b; fi c
