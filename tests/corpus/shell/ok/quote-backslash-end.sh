echo \\
