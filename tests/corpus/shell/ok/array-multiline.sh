a=(
  one
  # comment
  "two words"   # and another

  three
)
