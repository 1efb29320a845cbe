f() coproc a
