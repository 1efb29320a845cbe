cat <<A && b
a
A
