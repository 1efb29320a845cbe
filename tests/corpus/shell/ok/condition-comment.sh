[[ a && # why
b ]]
