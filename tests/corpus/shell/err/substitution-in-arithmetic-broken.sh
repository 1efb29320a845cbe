echo $(( $(fi) ))
