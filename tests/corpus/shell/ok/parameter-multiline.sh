echo ${a:-b
c}
