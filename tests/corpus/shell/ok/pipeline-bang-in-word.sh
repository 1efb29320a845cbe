echo a! !b hi!
