a &> f
