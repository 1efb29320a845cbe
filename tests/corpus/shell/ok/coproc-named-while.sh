coproc N while a; do b; done
