r"m" -rf x; 'l's
