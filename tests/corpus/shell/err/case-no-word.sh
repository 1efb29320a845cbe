case in a) b;; esac
