exec {fd}>&1 {fd}>&- {fd}<&0-
