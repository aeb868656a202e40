/* Calls what nobody has, or what a library has that is gone. */
__attribute__((visibility("default"))) int caller(void);
extern int WANTED(void);
int caller(void)
{
  return WANTED();
}
