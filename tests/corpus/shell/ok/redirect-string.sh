cat <<< word 3<<<"a b"
