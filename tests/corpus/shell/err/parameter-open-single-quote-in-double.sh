echo "${a:-it's}"
