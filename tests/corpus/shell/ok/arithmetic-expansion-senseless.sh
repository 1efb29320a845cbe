echo $((1 +* 2 ; x))
