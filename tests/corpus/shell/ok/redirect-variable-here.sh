cat {fd}<<E {g}<<<x
E
