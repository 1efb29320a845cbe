cat <<E"O"F
$x
EOF
