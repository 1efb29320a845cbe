case $x in *.c|[ab]?) a;; "q r"|$y|$(z)) b;; \*) c;; esac
