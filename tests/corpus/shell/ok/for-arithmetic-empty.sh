for ((;;)); do a; done
