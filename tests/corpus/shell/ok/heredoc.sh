cat <<EOF
hello $name
EOF
