cat <<'EOF'
$not `run` $(me)
EOF
