a && done
