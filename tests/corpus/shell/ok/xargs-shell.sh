git ls-files -z | xargs -0 -n1 sh -c 'echo "$1"' _
