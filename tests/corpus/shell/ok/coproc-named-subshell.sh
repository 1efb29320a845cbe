coproc N ( a )
