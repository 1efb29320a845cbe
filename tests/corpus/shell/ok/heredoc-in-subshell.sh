(cat <<A
a
A
)
