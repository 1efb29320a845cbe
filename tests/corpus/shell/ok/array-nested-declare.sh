declare -A a=([x]=(1 2))
