f() if a; then b; fi; g() while a; do b; done; h() [[ x ]]; i() ((1)); j() for k; do l; done; m() case x in esac
