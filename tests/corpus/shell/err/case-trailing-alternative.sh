case x in a|) c;; esac
