echo "$(cat <<A)"
a
A
 b"
