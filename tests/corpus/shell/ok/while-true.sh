while :; do break; done
