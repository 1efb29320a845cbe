cat <<A
$(if) ${x $((
A
