echo $[1
