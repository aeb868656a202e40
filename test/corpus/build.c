/* What has compiled it. */
#ifdef __clang__
const int by_clang = 1;
#else
const int by_clang = 0;
#endif

#ifdef __OPTIMIZE__
const int is_optimized = 1;
#else
const int is_optimized = 0;
#endif

int is_built(void)
{
  return 1;
}
