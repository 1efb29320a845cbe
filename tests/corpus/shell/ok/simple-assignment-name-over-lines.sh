P\
ATH=/x cmd
declare -a i\
arr=(2 3)
