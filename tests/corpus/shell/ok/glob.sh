ls * ?.c [a-z]* [!x] [[:alpha:]]
