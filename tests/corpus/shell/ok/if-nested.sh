if a; then if b; then c; fi; fi
