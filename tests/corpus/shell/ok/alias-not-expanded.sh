alias ll='ls -l'
ll
