exec {fd}> f {in}< g {both}<>h
