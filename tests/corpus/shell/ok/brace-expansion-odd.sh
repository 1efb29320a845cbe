echo {a,b {1..} a{} {,}
