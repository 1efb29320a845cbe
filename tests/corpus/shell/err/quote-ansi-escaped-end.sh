echo $'a\'
