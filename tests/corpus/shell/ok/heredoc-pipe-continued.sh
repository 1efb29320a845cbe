cat <<A |
a
A
grep x
