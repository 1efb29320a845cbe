if cat <<A; then
a
A
  b
fi
