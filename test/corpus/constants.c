/* What is const. */
#include <stdbool.h>
#include <stdint.h>

const int answer = 42;
const double ratio = 0.75;
const float third = 1.0f / 3;
const int8_t lowest = -128;
const uint64_t large = 9007199254740991u;
const uint64_t left_most = UINT64_MAX;
const int64_t left_least = INT64_MIN;
const int64_t lowest_safe = -9007199254740991;
const uint64_t left_list[2] = {1, UINT64_MAX};

struct sizes {
  int n;
  int64_t size;
};

const struct sizes left_sizes = {1, INT64_MAX};
const struct sizes sizes = {1, -5};

typedef enum left_wide {
  WIDE_ONE = 1,
  WIDE_MOST = 0x7fffffffffffffff
} left_wide;
enum { SMALL = 5, LEFT_LARGE = 0x7fffffffffffffff };

const bool yes = true;
const char letter = 'A';
const char version[] = "1.2 ż";
const char *const title = "a title";
const char *const nothing = 0;

typedef struct point {
  double x, y;
} point;

const point origin = {1, -2};
const int primes[4] = {2, 3, 5, 7};

typedef enum mode { SLOW, FAST } mode;

const mode best = FAST;

/* Not exported. */
static const int hidden = 1;
int changing = 2;

int use_them(void)
{
  return answer + hidden + changing;
}
