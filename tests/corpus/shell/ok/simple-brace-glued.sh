{a} {echo,hi}
