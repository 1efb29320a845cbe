a=(1) cmd
