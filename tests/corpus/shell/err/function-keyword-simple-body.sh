function f a
