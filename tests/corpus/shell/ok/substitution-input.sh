x=$(< file)
