echo 'a
b'
