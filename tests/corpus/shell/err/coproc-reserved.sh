coproc done
