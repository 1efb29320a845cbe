echo $(
  a
  b
)
