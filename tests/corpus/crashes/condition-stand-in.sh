[[ a && $b c d ]]
