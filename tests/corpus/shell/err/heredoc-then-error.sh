cat <<A
x
A
fi
