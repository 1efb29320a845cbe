cat <<A
no end
