a {fd}<(b) >
