function f
{
  a
}
