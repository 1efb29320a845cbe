cat <<$'E\x4fF'
$x
EOF
