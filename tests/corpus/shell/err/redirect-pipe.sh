a >& | b
