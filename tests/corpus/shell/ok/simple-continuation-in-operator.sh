true &\
& false |\
| true
