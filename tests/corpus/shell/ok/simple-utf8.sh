echo "grüße" ñandú 日本語 — “x”
