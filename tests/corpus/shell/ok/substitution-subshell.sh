echo $( (a) )
