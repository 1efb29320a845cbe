while do a; done
