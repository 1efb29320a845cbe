if then b; fi
