cat <<A "x
y"
a
A
