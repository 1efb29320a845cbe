echo $na\
me
