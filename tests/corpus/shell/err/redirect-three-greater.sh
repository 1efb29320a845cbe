a >>> b
