echo ${a[[[$i]}
