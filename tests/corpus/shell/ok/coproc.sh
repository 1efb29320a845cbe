coproc a b
