dd if=/dev/zero of=x
