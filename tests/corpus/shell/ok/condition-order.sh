[[ a < b || c > d ]]
