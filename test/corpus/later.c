/* Functions that return a Promise, off the loop. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

// @js nap(async)
int nap(int ms)
{
  usleep((unsigned)ms * 1000);
  return ms;
}

// @js shout(async, own)
char *shout(const char *s)
{
  char *to = strdup(s), *p;

  for (p = to; p && *p; p++)
    if (*p >= 'a' && *p <= 'z') *p -= 32;
  return to;
}

// @js sum_later(async)
unsigned sum_later(const uint8_t *data, size_t len)
{
  unsigned sum = 0;

  while (len)
    sum += data[--len];
  return sum;
}

typedef struct point {
  double x, y;
} point;

// @js middle(async, out to)
void middle(point a, const point *b, point *to)
{
  to->x = (a.x + b->x) / 2;
  to->y = (a.y + b->y) / 2;
}

int at_once(int n)
{
  return n;
}
