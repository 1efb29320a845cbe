echo `a # b`
