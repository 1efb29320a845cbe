while read x; do echo $x; done < f | sort | { read a; echo $a; }
