# fine
( # open
