/* Enums: by name; those without a name are constants. */
#include <stdint.h>

enum color { RED, GREEN, BLUE };

enum color next_color(enum color c)
{
  return (enum color)((c + 1) % 3);
}

int color_number(enum color c)
{
  return (int)c * 10;
}

typedef enum level { LOW = -5, MIDDLE, HIGH = 100 } level;

level level_of(int n)
{
  return n < 0 ? LOW : n < 100 ? MIDDLE : HIGH;
}

int level_number(level l)
{
  return l;
}

typedef enum { OFF, ON } toggle;

toggle flip(toggle t)
{
  return t == ON ? OFF : ON;
}

enum sparse { ONE = 1, SIXTEEN = 16, MANY = 0x40000000 };

unsigned sparse_number(enum sparse s)
{
  return s;
}

enum sparse largest(void)
{
  return MANY;
}

enum top { NONE, ALL = 0xffffffffu };

uint32_t top_number(enum top t)
{
  return t;
}

enum top top_of(int all)
{
  return all ? ALL : NONE;
}

enum tiny { A_TINY, B_TINY } __attribute__((packed));

enum tiny other_tiny(int before, enum tiny t)
{
  return before == 7 && t == A_TINY ? B_TINY : A_TINY;
}

/* No number of its enum. */
enum color odd_color(void)
{
  return (enum color)77;
}

typedef struct paint {
  enum color color;
  level level;
  enum tiny tiny;
  toggle by[2];
} paint;

paint repaint(paint p)
{
  p.color = next_color(p.color);
  p.level = p.level == LOW ? HIGH : LOW;
  p.tiny = p.tiny == A_TINY ? B_TINY : A_TINY;
  p.by[0] = flip(p.by[0]);
  return p;
}

// @js pick(out to, out level)
int pick(int n, enum color *to, level *level)
{
  *to = (enum color)(n % 3);
  *level = HIGH;
  return n / 3;
}

struct flags {
  enum color c : 4;
  unsigned n : 4;
};

struct flags flags_of(struct flags f)
{
  f.c = BLUE;
  f.n++;
  return f;
}

enum { MOST = 4096, LEAST = -1, BIG = 0x7fffffff };

int is_most(int n)
{
  return n == MOST;
}

/* Nobody uses it. */
typedef enum unused { NOBODY = 3, SOMEBODY } unused;
