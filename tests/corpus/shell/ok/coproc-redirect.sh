coproc a > f; coproc { b; } 2>&1
