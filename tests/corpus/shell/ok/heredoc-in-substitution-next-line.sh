echo $(cat <<A) b
a
A
echo c
