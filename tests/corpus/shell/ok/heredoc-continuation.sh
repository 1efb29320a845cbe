cat <<A
a \
A
A
