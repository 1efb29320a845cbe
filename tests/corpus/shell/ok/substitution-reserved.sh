echo $(if a; then b; fi) $(for i in x; do c; done) $({ d; })
