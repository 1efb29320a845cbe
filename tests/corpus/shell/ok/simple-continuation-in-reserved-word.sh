i\
f true; then :; fi
