f() { local -a a=( "$@" ); }
