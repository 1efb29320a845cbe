cat <<AB
a
A\
B
echo
