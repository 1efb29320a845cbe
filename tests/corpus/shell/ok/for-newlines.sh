for i in a b
do
  c
done
