elif a
