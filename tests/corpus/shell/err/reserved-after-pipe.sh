a | then
