x=`
a
b
`
