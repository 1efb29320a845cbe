> f
