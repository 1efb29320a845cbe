echo ${a:-<(b)}
