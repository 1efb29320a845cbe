case x in a|esac) b;; esac
