echo ${a:-$(fi)}
