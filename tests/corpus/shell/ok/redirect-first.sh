> f a b
