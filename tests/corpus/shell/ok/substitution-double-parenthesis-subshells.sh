echo $((a); (b))
