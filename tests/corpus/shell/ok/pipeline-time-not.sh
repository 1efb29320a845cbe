time ! a; ! time b
