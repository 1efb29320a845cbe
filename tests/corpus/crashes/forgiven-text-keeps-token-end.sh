((0?a${x:-[b :-[b <(a
]:ac;; f) g;;\
i esac
0))
