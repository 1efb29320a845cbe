x=$(cat <<A
a
A
)
