find . -name '*.o' -exec rm {} \; -o -exec ls {} +
