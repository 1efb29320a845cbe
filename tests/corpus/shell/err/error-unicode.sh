echo "ü" 'ö
