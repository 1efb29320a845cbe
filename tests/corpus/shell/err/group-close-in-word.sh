{ a;}b
