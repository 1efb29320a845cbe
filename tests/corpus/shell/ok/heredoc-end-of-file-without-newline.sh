cat <<A
a
A