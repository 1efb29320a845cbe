cat <<A
a \\
A
