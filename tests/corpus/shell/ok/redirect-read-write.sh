a <> f 3<>g
