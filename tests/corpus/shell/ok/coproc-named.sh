coproc NAME { a; b; }
