a > f b < g c
