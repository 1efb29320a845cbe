cat <<A
$(
  echo "A"
  b
)
A
