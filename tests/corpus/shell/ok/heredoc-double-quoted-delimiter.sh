cat <<"E O F"
$x
E O F
