cat <<\EOF
$x
EOF
