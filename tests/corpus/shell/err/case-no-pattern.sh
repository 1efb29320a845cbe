case x in ) b;; esac
