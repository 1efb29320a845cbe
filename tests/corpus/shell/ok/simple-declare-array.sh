declare -a a=(1 2 3) b=([x]=1 [y]=2)
