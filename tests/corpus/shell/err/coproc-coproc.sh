coproc coproc a
