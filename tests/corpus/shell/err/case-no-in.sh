case x; esac
