echo $(a))
