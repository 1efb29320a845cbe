a>f<g 2>h
