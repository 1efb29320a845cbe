a=(if then fi { } ! time)
