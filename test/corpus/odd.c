/* Shapes that are rare. */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>
#include <time.h>

/* --- Typedefs and qualifiers ------------------------------------------------ */

typedef const char *text;
typedef text words;
typedef struct point {
  double x, y;
} point, *point_pointer;
typedef const point fixed_point;
typedef const struct point *fixed_pointer;
typedef int number, *numbers;
typedef const number *fixed_numbers;

words same_words(words s)
{
  return s;
}

text const same_text(const text s)
{
  return s;
}

fixed_point fixed_of(fixed_point p)
{
  return (fixed_point){p.y, p.x};
}

double by_fixed_pointer(fixed_pointer p)
{
  return p->x - p->y;
}

// @js by_pointer(inout p)
void by_pointer(point_pointer p)
{
  p->x++;
}

int by_fixed_numbers(fixed_numbers p)
{
  return p[0] + p[1];
}

void by_numbers(numbers p)
{
  p[1] = p[0];
}

int of_variable(int n, const int a[n])
{
  return a[n - 1];
}

int of_static(const int a[static 2])
{
  return a[1];
}

int length_of_array(const char name[])
{
  return (int)strlen(name);
}

int in_registers(register int a, register double b)
{
  return a + (int)b;
}

int of_function(int f(int n, void *user), void *user)
{
  return f(20, user) + 1;
}

/* Without a prototype, and without parameters. */
int no_prototype()
{
  return 11;
}

int main(int argc, char **argv)
{
  (void)argv;
  return argc;
}

/* --- Structs ------------------------------------------------------------------ */

struct bytes16 {
  uint8_t b[16];
};

struct bytes16 reversed(struct bytes16 s)
{
  struct bytes16 r;
  int i;

  for (i = 0; i < 16; i++)
    r.b[i] = s.b[15 - i];
  return r;
}

struct bytes17 {
  uint8_t b[17];
};

struct bytes17 first_last(struct bytes17 s)
{
  s.b[0] = s.b[16];
  return s;
}

struct three_chars {
  int8_t c[3];
};

struct three_chars next_chars(struct three_chars s)
{
  s.c[2] = (int8_t)(s.c[0] + s.c[1]);
  return s;
}

struct floats3 {
  float f[3];
};

struct floats3 halved(struct floats3 s, float by)
{
  s.f[0] /= by;
  s.f[2] /= by;
  return s;
}

struct double_float {
  double d;
  float f;
};

struct double_float twice_df(struct double_float s)
{
  return (struct double_float){s.d * 2, s.f * 2};
}

struct only_bits {
  signed a : 1;
  unsigned b : 31;
  unsigned long c : 63;
  signed long d : 1;
};

struct only_bits flip_only(struct only_bits s)
{
  s.b ^= 0x7fffffff;
  s.c ^= 1;
  s.a = ~s.a;
  return s;
}

struct cut_bits {
  unsigned a : 3;
  unsigned : 0;
  unsigned b : 3;
  _Bool c : 1;
  signed char d : 7;
};

struct cut_bits cut_of(struct cut_bits s)
{
  return (struct cut_bits){s.b, s.a, !s.c, (signed char)-s.d};
}

struct packed_bits {
  uint16_t a : 9;
  uint32_t b : 30;
  uint8_t c;
} __attribute__((packed));

struct packed_bits packed_bits_of(struct packed_bits s)
{
  s.a++;
  s.b++;
  s.c++;
  return s;
}

struct with_long_double {
  long double x;
  int n;
};

double with_long(struct with_long_double s)
{
  return (double)s.x + s.n;
}

struct d1 {
  int n;
};
struct d2 {
  struct d1 a, b[2];
};
struct d3 {
  struct d2 a[2];
};
struct d4 {
  struct d3 a;
};
struct d5 {
  struct d4 a;
};
struct d6 {
  struct d5 a;
};

int deep_sum(struct d6 s)
{
  int i, k, sum = 0;

  for (i = 0; i < 2; i++) {
    sum += s.a.a.a.a[i].a.n;
    for (k = 0; k < 2; k++)
      sum = sum * 10 + s.a.a.a.a[i].b[k].n;
  }
  return sum;
}

struct cube {
  int16_t c[2][3][4];
};

struct cube cube_of(struct cube s)
{
  struct cube r;
  int i, k, n;

  for (i = 0; i < 2; i++)
    for (k = 0; k < 3; k++)
      for (n = 0; n < 4; n++)
        r.c[i][k][n] = s.c[1 - i][2 - k][3 - n];
  return r;
}

struct names {
  char all[3][6];
  int n;
};

struct names rotated(struct names s)
{
  struct names r = s;

  memcpy(r.all[0], s.all[2], 6);
  memcpy(r.all[1], s.all[0], 6);
  memcpy(r.all[2], s.all[1], 6);
  return r;
}

struct list {
  const char *all[3];
  point at[2];
};

struct list list_of(struct list l)
{
  const char *s = l.all[0];
  point p = l.at[0];

  l.all[0] = l.all[2];
  l.all[2] = s;
  l.at[0] = l.at[1];
  l.at[1] = p;
  return l;
}

struct many_members {
  int a0, a1, a2, a3, a4, a5, a6, a7, a8, a9, b0, b1, b2, b3, b4, b5, b6, b7,
      b8, b9, c0, c1, c2, c3, c4, c5, c6, c7, c8, c9;
};

struct many_members many_of(int n)
{
  struct many_members m = {.a0 = n, .b5 = n * 2, .c9 = n * 3};

  return m;
}

struct big {
  double d[200];
};

double big_sum(struct big b)
{
  double sum = 0;
  int i;

  for (i = 0; i < 200; i++)
    sum += b.d[i];
  return sum;
}

struct big big_of(double n)
{
  struct big b;
  int i;

  for (i = 0; i < 200; i++)
    b.d[i] = n * i;
  return b;
}

typedef struct {
  int n;
} unnamed;

unnamed of_unnamed(unnamed u)
{
  u.n++;
  return u;
}

typedef int int2 __attribute__((vector_size(8)));

int2 add_int2(int2 a, int2 b)
{
  return a + b;
}

typedef enum wide_enum {
  WIDE_ONE = 1,
  WIDE_MOST = 0x7fffffffffffffff
} wide_enum;

wide_enum same_wide(wide_enum e)
{
  return e;
}

/* --- Of the system ---------------------------------------------------------- */

struct timespec later_by(struct timespec t, long ns)
{
  t.tv_nsec += ns;
  t.tv_sec += t.tv_nsec / 1000000000;
  t.tv_nsec %= 1000000000;
  return t;
}

div_t divided(int a, int b)
{
  return div(a, b);
}

time_t seconds_of(const struct timeval *t)
{
  return t->tv_sec + t->tv_usec / 1000000;
}

/* --- Callbacks of all kinds ---------------------------------------------------- */

float call_float(float (*f)(float x, void *user), void *user)
{
  return f(0.5f, user);
}

bool call_bool(bool (*f)(bool x, void *user), void *user)
{
  return f(true, user);
}

int8_t call_i8(int8_t (*f)(int8_t x, void *user), void *user)
{
  return f(-128, user);
}

uint64_t call_u64(uint64_t (*f)(uint64_t x, void *user), void *user)
{
  return f(9007199254740991, user);
}

double call_large(double (*f)(struct d4 a, point b, void *user), void *user)
{
  struct d4 s = {.a = {.a = {{.a = {1}, .b = {{2}, {3}}}, {.a = {4}}}}};

  return f(s, (point){5, 6}, user);
}

struct floats3 call_floats3(struct floats3 (*f)(int n, void *user), void *user)
{
  return f(3, user);
}

double call_pointer(double (*f)(const point *p, void *user), void *user)
{
  point p = {1, 2};

  return f(&p, user);
}

int call_bytes(int (*f)(const uint8_t *data, size_t len, void *user),
               void *user)
{
  uint8_t data[3] = {1, 2, 3};

  return f(data, 3, user);
}

int fibonacci(int n)
{
  return n < 2 ? n : fibonacci(n - 1) + fibonacci(n - 2);
}

/* --- Left out -------------------------------------------------------------------- */

struct open_end {
  int n;
  char text[];
};

struct open_end *left_open(void)
{
  return NULL;
}

int left_to_array(int (*p)[3])
{
  return (*p)[0];
}

__float128 left_float128(__float128 x)
{
  return x;
}

struct too_many {
  int a[1025];
};

int left_too_many(struct too_many t)
{
  return t.a[0];
}
