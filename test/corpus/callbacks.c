/* Functions of JavaScript that C calls while it is called itself. */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

void each(int n, void (*f)(int i, void *user), void *user)
{
  int i;

  for (i = 0; i < n; i++)
    f(i, user);
}

double integrate(double (*f)(double x, void *user), void *user, double a,
                 double b, int steps)
{
  double sum = 0;
  int i;

  for (i = 0; i < steps; i++)
    sum += f(a + (b - a) * (i + 0.5) / steps, user) * (b - a) / steps;
  return sum;
}

/* The user's data comes first, here and there. */
int count_if(void *user, bool (*f)(void *user, int i), int n)
{
  int i, count = 0;

  for (i = 0; i < n; i++)
    count += f(user, i);
  return count;
}

/* As qsort, without any. */
void sort_ints(int *a, size_t count, int (*compare)(int a, int b))
{
  size_t i, k;

  for (i = 1; i < count; i++) {
    for (k = i; k && compare(a[k - 1], a[k]) > 0; k--) {
      int t = a[k];
      a[k] = a[k - 1];
      a[k - 1] = t;
    }
  }
}

int fold(int n, int (*f)(int n))
{
  int i, sum = 0;

  for (i = 1; i <= n; i++)
    sum += f(i);
  return sum;
}

typedef struct point {
  double x, y;
} point;

point map_point(point p, point (*f)(point p, int k, void *user), void *user)
{
  return f(p, 7, user);
}

int with_text(int (*f)(const char *text, int n, void *user), void *user)
{
  return f("zażółć", 1, user) + f("", 2, user);
}

typedef enum color { RED, GREEN } color;

color recolor(color c, color (*f)(color c, void *user), void *user)
{
  return f(c, user);
}

typedef int64_t widen(int8_t a, uint8_t b, int16_t c, uint32_t d, int64_t e,
                      float f, bool g, void *user);

int64_t widths(widen *f, void *user)
{
  return f(-1, 255, -2, 4294967295u, -9007199254740991, 0.5f, true, user);
}

int many(int (*f)(int a, double b, int c, double d, int e, int g, int h, int i,
                  double j, int k, void *user),
         void *user)
{
  return f(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, user);
}

int both(int (*a)(int n, void *user), void *for_a, int (*b)(int n, void *user),
         void *for_b)
{
  return a(1, for_a) * 10 + b(2, for_b);
}

// @js maybe(opt f)
int maybe(int (*f)(int n, void *user), void *user)
{
  return f ? f(5, user) : -1;
}

static int after_calls, last_result;

/* Goes on after a callback that threw, and gets zeros. */
int sum_of(int n, int (*f)(int i, void *user), void *user)
{
  int i, sum = 0;

  after_calls = 0;
  for (i = 1; i <= n; i++) {
    last_result = f(i, user);
    sum += last_result;
    after_calls++;
  }
  return sum;
}

int calls_after(void)
{
  return after_calls;
}

int result_after(void)
{
  return last_result;
}

int depth_of(int n, int (*f)(int n, void *user), void *user)
{
  return n ? f(n - 1, user) + 1 : 0;
}

/* A type that nothing can be made of. */
void left_given_pointer(void (*f)(int *p, void *user), void *user)
{
  f(0, user);
}

void left_returns_text(const char *(*f)(int *n, void *user), void *user)
{
  f(0, user);
}
