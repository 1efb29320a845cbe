a | time b; time -f x
