for f in $(ls *.c | grep -v "^#"); do
  if [[ -f $f && ! -L $f ]]; then
    case ${f##*/} in
      a*|b*) cp -- "$f" "${dir:-/tmp}/${f%.c}.bak" 2>/dev/null & ;;
      *) { echo "$((n += 1)): $f"; } >> log ;;
    esac
  fi
done | while read -r l; do printf '%s\n' "$l"; done
