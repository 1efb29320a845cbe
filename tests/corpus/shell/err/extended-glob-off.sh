echo !(a)
