a | ! b
