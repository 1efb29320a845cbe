cat <<A
A
