case a in a=b) c;; esac
