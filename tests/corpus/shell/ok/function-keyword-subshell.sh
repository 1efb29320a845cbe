function f ( a; b )
