echo ${a/x/y} ${a//x/y} ${a/#x/y} ${a/%x/y} ${a/x} ${a//x/}
