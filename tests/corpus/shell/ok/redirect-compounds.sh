if a; then b; fi > f; while a; do b; done < f; (a) 2> f; for i in x; do a; done >> f; case x in esac < f; [[ a ]] > f; ((1)) 2> f
