while read x; do echo $x; done <<A
a
A
