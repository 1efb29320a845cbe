cat <<A
AA
A 
A
