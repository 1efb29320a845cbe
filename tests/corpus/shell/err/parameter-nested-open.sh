echo ${a:-${b}
