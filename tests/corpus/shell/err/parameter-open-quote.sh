echo ${a:-"b}
