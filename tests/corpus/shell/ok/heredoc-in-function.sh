f() {
  cat <<A
a
A
}
