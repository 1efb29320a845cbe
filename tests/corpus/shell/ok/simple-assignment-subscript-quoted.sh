a["x y"]=z a['$k']=z
