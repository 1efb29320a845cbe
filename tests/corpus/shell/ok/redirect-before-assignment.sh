> f A=1 B=2 cmd
