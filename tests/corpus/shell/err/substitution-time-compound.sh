echo $(time { a; })
