cat <<A | grep x
a
A
