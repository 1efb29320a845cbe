function f if a; then b; fi; function g (( 1 ))
