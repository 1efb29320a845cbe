case x in ;; esac
