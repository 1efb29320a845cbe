git commit -m message --amend
