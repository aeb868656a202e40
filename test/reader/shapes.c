/* Functions of all shapes; what the reader is to say of them is in shapes.txt. */
#include "shapes.h"

#include <complex.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <uchar.h>

/* Numbers. */
int add(int a, int b)
{
  return a + b;
}
signed char tiny(unsigned char a, signed char b)
{
  return (signed char)(a + b);
}
short small(unsigned short a, short b)
{
  return (short)(a + b);
}
long large(unsigned long a, long long b, unsigned long long c)
{
  return (long)(a + (unsigned long)b + c);
}
int64_t fixed(int8_t a, uint8_t b, int16_t c, uint16_t d, int32_t e, uint32_t f,
              uint64_t g)
{
  return a + b + c + d + e + f + (int64_t)g;
}
char letter(char c)
{
  return c;
}
bool truth(bool b)
{
  return !b;
}
float single(float x)
{
  return x / 2;
}
double twice(double x)
{
  return x * 2;
}
long double extended(long double x)
{
  return x;
}
double complex turned(double complex z, float complex w)
{
  return z * w;
}
__int128 huge(__int128 a, unsigned __int128 b)
{
  return a + (__int128)b;
}
char16_t wide16(char16_t a, char32_t b)
{
  return (char16_t)(a + b);
}
wchar_t wide(wchar_t w)
{
  return w;
}
size_t sizes(size_t a, ptrdiff_t b, intptr_t c)
{
  return a + (size_t)b + (size_t)c;
}
hash_type hash(const void *data, size_t len)
{
  return data ? (hash_type)len : 0;
}
void nothing(void)
{}
int many(int a, long b, char c, double d, float e, short f, int g, int h, int i,
         double j)
{
  return (int)(a + b + c + d + e + f + g + h + i + j);
}

/* Pointers. */
size_t length(const char *s)
{
  return strlen(s);
}
char *copy(const char *s)
{
  return strdup(s);
}
const char *greeting(void)
{
  return "hello";
}
void fill(uint8_t *out, size_t len, uint8_t with)
{
  memset(out, with, len);
}
double sum(const double *v, size_t n)
{
  double s = 0;
  while (n--)
    s += v[n];
  return s;
}
int first_of(int n, int v[])
{
  return n ? v[0] : 0;
}
int sum_of_4(int v[static 4])
{
  return v[0] + v[1] + v[2] + v[3];
}
float corner(float m[4][5])
{
  return m[3][4];
}
void *same(void *p)
{
  return p;
}
char **words(const char *s, int *count)
{
  *count = 0;
  return (char **)(uintptr_t)s;
}
int qualified(const int k, volatile int *v, int *restrict r,
              const volatile char *c)
{
  return k + *v + *r + *c;
}
_Atomic int *atom(_Atomic int *p)
{
  return p;
}
int *const *deep(int *const *const *p)
{
  return *p;
}
int (*row(int (*m)[3]))[3]
{
  return m;
}

/* Records. */
point middle(point a, point b)
{
  return (point){(a.x + b.x) / 2, (a.y + b.y) / 2};
}
struct mixed mixed_new(char tag, const char *name)
{
  return (struct mixed){.tag = tag, .name = name};
}
double mixed_sum(const struct mixed *m)
{
  return m->number + m->at.x;
}
struct bits bits_of(unsigned low, int middle)
{
  return (struct bits){.low = low & 7, .middle = middle % 60};
}
double packed_sum(struct packed p)
{
  return p.a + p.b + p.c;
}
float aligned_sum(struct aligned a)
{
  return a.v[0] + a.v[3];
}
union number number_of(int i)
{
  return (union number){.i = i};
}
double nameless_get(struct nameless n)
{
  return n.kind ? n.d : (double)n.i;
}
double flexible_sum(const struct flexible *f)
{
  return f->data[0];
}
int node_count(const struct node *n)
{
  return n ? 1 + node_count(n->next) : 0;
}
void never_seen(struct never *n, const struct never *m)
{
  (void)n, (void)m;
}
struct opaque {
  int uses;
};
opaque *opaque_new(void)
{
  return calloc(1, sizeof(opaque));
}
int opaque_uses(const opaque *o)
{
  return o->uses;
}
void opaque_free(opaque *o)
{
  free(o);
}
struct {
  int a;
} unnamed_result(int a);

/* Enums. */
enum colour next_colour(enum colour c)
{
  return c + 1;
}
sign sign_of(double x)
{
  return x < 0 ? MINUS : x > 0 ? PLUS : NONE;
}
enum wide wide_one(enum wide w)
{
  return w;
}
enum unused { UNUSED_A, UNUSED_B = 9 };
int uses_unused(void)
{
  enum unused u = UNUSED_B;
  return (int)u;
}

/* Functions. */
void sort(int *v, size_t n, compare_fn compare)
{
  qsort(v, n, sizeof *v, compare);
}
int each(const int *v, int n, void (*visit)(int value, void *user), void *user)
{
  for (int i = 0; i < n; i++)
    visit(v[i], user);
  return n;
}
int (*operation(int which))(int, int)
{
  return which ? add : 0;
}
void with_variadic(int (*print)(const char *, ...))
{
  print("x");
}
void with_unprototyped(int (*any)())
{
  (void)any;
}
int print(const char *format, ...)
{
  va_list ap;
  va_start(ap, format);
  int n = vprintf(format, ap);
  va_end(ap);
  return n;
}
int print_list(const char *format, va_list ap)
{
  return vprintf(format, ap);
}
int old_style(a, b)
int a;
char *b;
{
  return b ? a : 0;
}
int no_prototype()
{
  return 5;
}
_Noreturn void leave(int code)
{
  exit(code);
}

/* Vectors. */
typedef float four __attribute__((vector_size(16)));
four four_sum(four a, four b)
{
  return a + b;
}

/* What optimizers do to functions. */
static int inlined(int x)
{
  return x * 3;
}
static __attribute__((noinline)) int split_up(const struct mixed *m, int unused)
{
  (void)unused;
  return m->number * 7;
}
int calls_split(int x)
{
  struct mixed m = {.number = x};
  return inlined(x) + split_up(&m, 1);
}
inline int both(int a)
{
  return a + 2;
}
extern inline int both(int a);
int calls_both(int a)
{
  return both(a);
}
int called_here(int a, int used, int b)
{
  (void)a, (void)b;
  return used * 2;
}
int calls_called(int x)
{
  return called_here(1, x, 2) + called_here(3, x + 1, 4);
}
int not_used(int alpha, const char *beta, double gamma)
{
  (void)alpha, (void)beta, (void)gamma;
  return 0;
}
int factorial(int n)
{
  return n < 2 ? 1 : n * factorial(n - 1);
}
__attribute__((cold)) int cold(int c)
{
  if (c > 5) abort();
  return c;
}
int same_code_1(int one)
{
  return one * 77 + 3;
}
unsigned same_code_2(unsigned two)
{
  return two * 77 + 3;
}
__attribute__((hot)) int partly_cold(int n)
{
  if (__builtin_expect(n < 0, 0)) {
    puts("cold");
    abort();
  }
  return n;
}

/* Symbols. */
__attribute__((weak)) int weak(int w)
{
  return w;
}
__attribute__((visibility("hidden"))) int hidden(int h)
{
  return h;
}
__attribute__((visibility("protected"))) int protected(int p)
{
  return p;
}
int target(int z)
{
  return z + 40;
}
int alias(int z) __attribute__((alias("target")));
static int inner(char inside)
{
  return inside;
}
int alias_of_inner(char inside) __attribute__((alias("inner")));
int renamed(int x) __asm__("other_name");
int renamed(int x)
{
  return x;
}
__attribute__((constructor)) static void at_start(void)
{}

/* Data. */
const double table[2] = {1, 2};
const int answer = 42;
const char text[] = "ab";
const char *const pointed = "x";
int counter = 7;
static const int secret = 3;
const int zero_filled[4] = {0};
int uses_data(void)
{
  return counter + secret;
}
