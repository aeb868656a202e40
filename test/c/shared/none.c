/* No module of any kind. */
__attribute__((visibility("default"))) int nothing_here(void);
int nothing_here(void)
{
  return 0;
}
