echo !! !$ ^a^b
