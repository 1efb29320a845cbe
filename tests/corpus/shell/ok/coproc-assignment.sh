coproc A=1 b
