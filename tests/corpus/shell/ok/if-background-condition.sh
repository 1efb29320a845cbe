if a & b; then c & fi
