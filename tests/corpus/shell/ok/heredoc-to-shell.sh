bash <<'EOF'
rm -rf "$HOME"
EOF
