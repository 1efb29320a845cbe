"if" 'then' \fi
