cat <<A # comment
a
A
