echo $(time ls)
