a |& b | c |& d
