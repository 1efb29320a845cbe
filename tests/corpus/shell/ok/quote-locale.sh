echo $"hello $name"
