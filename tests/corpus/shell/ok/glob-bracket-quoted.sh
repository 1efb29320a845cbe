ls ["a b"]* [$x]
