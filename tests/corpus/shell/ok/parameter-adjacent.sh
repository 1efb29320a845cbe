echo $a$b/$c.x$1y
