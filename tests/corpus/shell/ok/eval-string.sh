eval "$x" 'if'
