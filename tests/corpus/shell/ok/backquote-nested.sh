echo `a \`b\``
