for ((i=$(a; b); "1;2"; c)); do d; done
