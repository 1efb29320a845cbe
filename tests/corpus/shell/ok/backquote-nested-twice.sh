echo `a \`b \\\`c\\\`\``
