echo `echo \$x \\n`
