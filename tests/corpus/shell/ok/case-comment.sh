case a in # x
b) # y
c ;; # z
esac
