cat <<A
$(date) `pwd` ${x:-$(id)} $((1 + $(n)))
A
