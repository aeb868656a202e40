/* How functions can be linked. */
#include <stdlib.h>

__attribute__((weak)) int weak_one(int n)
{
  return n + 1;
}

int original(int n)
{
  return n * 2;
}

int another_name(int n) __attribute__((alias("original")));

static int not_exported(int n)
{
  return n;
}

inline int inline_one(int n)
{
  return n + 3;
}
extern int inline_one(int n);

static inline __attribute__((always_inline)) int always(int n)
{
  return n * 5;
}

int through_inline(int n)
{
  return always(n) + not_exported(1);
}

__attribute__((visibility("hidden"))) int hidden_one(int n)
{
  return n;
}

int renamed(int n) __asm__("another_symbol");
int renamed(int n)
{
  return n - 1;
}

static int chosen(int n)
{
  return n * 7;
}

static int (*choose(void))(int)
{
  return chosen;
}

int by_ifunc(int n) __attribute__((ifunc("choose")));

/* Of the same name as one of the C library, and of the host's. */
int abs(int n)
{
  return n + 1000;
}

int uv_run(int n)
{
  return n + 2000;
}

static int built;

__attribute__((constructor)) static void build(void)
{
  built = 17;
}

int was_built(void)
{
  return built;
}

__attribute__((const)) int is_const(int n)
{
  return n + 4;
}

__attribute__((noinline, cold)) int is_cold(int n)
{
  return n + 5;
}

__thread int own_count;

int thread_local_count(void)
{
  return ++own_count;
}

extern int declared_only(int n);
