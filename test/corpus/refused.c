/* What cannot be bound, each for a reason that is told. */
#include <stdarg.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

int fine(void)
{
  return 1;
}

int variadic(int n, ...)
{
  return n;
}

int listed(int n, va_list all)
{
  return n + va_arg(all, int);
}

#pragma GCC diagnostic ignored "-Wold-style-definition"
int kernighan(a, b)
char a;
float b;
{
  return a + (int)b;
}

__attribute__((ms_abi)) int of_windows(int a, int b)
{
  return a * 10 + b;
}

__int128 wide(__int128 n)
{
  return n;
}

int takes_wide(unsigned __int128 n)
{
  return (int)n;
}

union number {
  int i;
  float f;
};

int of_union(union number n)
{
  return n.i;
}

union number to_union(int i)
{
  return (union number){i};
}

struct tagged {
  int tag;
  union number n;
};

int of_tagged(struct tagged t)
{
  return t.tag;
}

struct untagged {
  int tag;
  union {
    int a;
    char *b;
  };
};

int of_untagged(struct untagged t)
{
  return t.tag;
}

int of_void(void *p)
{
  return p != NULL;
}

void *to_void(int n)
{
  return malloc((size_t)n);
}

int of_pointers(int **p)
{
  return **p;
}

int of_texts(const char **list)
{
  return list[0] != NULL;
}

int of_file(FILE *f)
{
  return fileno(f);
}

struct unknown;

int of_unknown(struct unknown *p)
{
  return p != NULL;
}

struct open_end {
  int count;
  int all[];
};

int of_open_end(const struct open_end *p)
{
  return p->all[0];
}

struct with_pointer {
  int *p;
};

int of_with_pointer(struct with_pointer w)
{
  return *w.p;
}

struct linked {
  struct linked *next;
  int n;
};

int of_linked(const struct linked *l)
{
  return l->n;
}

int of_atomic(_Atomic int *p)
{
  return *p;
}

int (*to_function(void))(void)
{
  return fine;
}

int *to_pointer(void)
{
  static int n;

  return &n;
}

typedef struct changed {
  int n;
} changed;

void of_changed(changed *p)
{
  p->n++;
}

int of_callback_of_pointer(int (*f)(void *, const void *))
{
  return f(NULL, NULL);
}

#if defined(__clang__) && __clang_major__ >= 15
int of_bits(_BitInt(37) n)
{
  return (int)n;
}
#endif
