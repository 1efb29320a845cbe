case x in
a) cat <<A ;;
a
A
esac
