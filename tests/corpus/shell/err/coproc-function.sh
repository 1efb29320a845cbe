coproc f() { a; }
