a >&$fd 2>&"$x" >&file
