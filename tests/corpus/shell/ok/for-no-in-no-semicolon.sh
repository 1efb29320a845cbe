for i do a; done
