a >
b
