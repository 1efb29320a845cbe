if (( x > 1 )); then a; fi
