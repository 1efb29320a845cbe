for i in a; b; done
