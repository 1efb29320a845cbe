[[ -f a && -d b && -e c && a -nt d && e -ot f && g -ef h ]]
