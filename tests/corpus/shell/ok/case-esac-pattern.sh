case x in (esac) a;; esac
