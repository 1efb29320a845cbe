[[ a -xx b ]]
