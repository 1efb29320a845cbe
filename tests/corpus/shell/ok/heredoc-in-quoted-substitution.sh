echo "$(cat <<A
it's
A
)"
