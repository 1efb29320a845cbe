PATH+=:/opt/bin
