trap 'rm -f "$tmp"' EXIT INT
