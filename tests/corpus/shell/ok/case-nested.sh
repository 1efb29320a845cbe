case a in b) case c in d) e;; esac;; f) g;; esac
