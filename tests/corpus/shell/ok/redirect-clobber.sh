a >| f
