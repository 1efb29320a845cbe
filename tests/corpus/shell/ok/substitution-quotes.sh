echo $(echo ")" ')' \))
