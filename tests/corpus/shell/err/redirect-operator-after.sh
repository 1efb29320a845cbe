a > > b
