cat <<A
it's "quoted" \$x \\ \`
A
