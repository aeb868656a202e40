/* Out parameters, and those that come in and go out. */
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>

// @js divmod(out quot, out rem)
void divmod(int a, int b, int *quot, int *rem)
{
  *quot = a / b;
  *rem = a % b;
}

// @js half(out to)
void half(double x, double *to)
{
  *to = x / 2;
}

// @js parse_int(out to)
bool parse_int(const char *text, long *to)
{
  char *end;

  *to = strtol(text, &end, 10);
  return *text && !*end;
}

// @js widths(out a, out b, out c, out d, out e, out f)
void widths(int8_t *a, uint16_t *b, int64_t *c, uint64_t *d, float *e, bool *f)
{
  *a = -1;
  *b = 65535;
  *c = -9007199254740991;
  *d = 9007199254740991;
  *e = 0.5f;
  *f = true;
}

// @js unsafe_out(out n)
void unsafe_out(uint64_t *n)
{
  *n = UINT64_MAX;
}

// @js twice(inout n)
void twice(int *n)
{
  *n *= 2;
}

// @js between(out low)
int between(int *low, int n)
{
  *low = n - 1;
  return n + 1;
}

typedef struct range {
  int low, high;
} range;

// @js grow(inout r, out size)
bool grow(range *r, int by, int *size)
{
  r->low -= by;
  r->high += by;
  *size = r->high - r->low;
  return *size > 10;
}

// @js count_up(inout n)
int64_t count_up(int64_t *n)
{
  return (*n)++;
}

// @js nothing_out(out a)
void nothing_out(int *a)
{
  (void)a;
}

// @js complex_out(out z)
void complex_out(double re, double _Complex *z)
{
  ((double *)z)[0] = re;
  ((double *)z)[1] = -re;
}
