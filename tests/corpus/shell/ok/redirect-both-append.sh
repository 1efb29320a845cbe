a &>> f
