coproc { a; }
