case x in if) a;; then|do) b;; in) c;; for) d;; esac
