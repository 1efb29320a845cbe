echo "a
b \
c"
