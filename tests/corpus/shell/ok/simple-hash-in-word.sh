echo a#b c\#d '#' $# ${#a}
