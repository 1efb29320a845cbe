ls ~ ~user/x {a,b}/{1..3}
