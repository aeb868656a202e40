/* Structs by value, in and out, and behind pointers to const. */
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

typedef struct point {
  double x, y;
} point;

point swap(point p)
{
  return (point){p.y, p.x};
}

typedef struct pointf {
  float x, y;
} pointf;

pointf swapf(pointf p)
{
  return (pointf){p.y, p.x};
}

struct pair {
  int64_t a;
  double b;
};

struct pair pair_of(struct pair p, int64_t add)
{
  p.a += add;
  p.b *= 2;
  return p;
}

struct reverse {
  double b;
  int a;
};

struct reverse reverse_of(struct pair p)
{
  return (struct reverse){p.b, (int)p.a};
}

struct one {
  char c;
};

struct one next_one(struct one o)
{
  o.c++;
  return o;
}

struct three {
  float r, g, b;
};

struct three rotate(struct three t)
{
  return (struct three){t.g, t.b, t.r};
}

struct four {
  float v, w, x, y;
};

struct four negate(struct four t)
{
  return (struct four){-t.v, -t.w, -t.x, -t.y};
}

struct small {
  int a;
  float b;
};

struct small small_of(struct small s)
{
  return (struct small){(int)s.b, (float)s.a};
}

struct odd {
  float a;
  int b;
  double c;
};

struct odd odd_of(struct odd s, float x)
{
  s.a += x;
  s.b += 1;
  s.c += 0.5;
  return s;
}

struct bytes3 {
  uint8_t r, g, b;
};

struct bytes3 invert(struct bytes3 c)
{
  return (struct bytes3){255 - c.r, 255 - c.g, 255 - c.b};
}

/* In memory. */
typedef struct large {
  long a, b, c;
  double d;
} large;

large large_of(long seed)
{
  return (large){seed, seed * 2, seed * 3, seed / 2.0};
}

double large_sum(large l, int k, large m)
{
  return (double)(l.a + l.b + l.c) + l.d + k * 1000 +
         ((double)(m.a + m.b + m.c) + m.d) * 10;
}

struct nested {
  point at;
  struct {
    uint8_t r, g;
  } color;
  struct small s[2];
};

struct nested nested_of(struct nested n)
{
  struct small s = n.s[0];

  n.at = swap(n.at);
  n.color.r ^= 255;
  n.s[0] = n.s[1];
  n.s[1] = s;
  return n;
}

struct arrays {
  int n[4];
  double m[2][3];
  bool set[2];
};

struct arrays transpose(struct arrays a)
{
  struct arrays r = a;
  int i;

  for (i = 0; i < 4; i++)
    r.n[i] = a.n[3 - i];
  for (i = 0; i < 3; i++) {
    r.m[0][i] = a.m[1][i];
    r.m[1][i] = a.m[0][i];
  }
  r.set[0] = a.set[1];
  r.set[1] = a.set[0];
  return r;
}

typedef struct person {
  char name[8];
  int age;
} person;

int name_length(person p)
{
  return (int)strlen(p.name);
}

person older(person p)
{
  p.age++;
  p.name[0] ^= 0x20;
  return p;
}

/* Without a NUL at its end. */
person full(void)
{
  person p = {{'a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'}, 1};

  return p;
}

struct bits {
  unsigned a : 3;
  int b : 5;
  unsigned long long c : 40;
  bool d : 1;
  unsigned : 4;
  unsigned short e : 9;
  int rest;
};

struct bits bits_of(struct bits b)
{
  b.a ^= 7;
  b.b = -b.b;
  b.c += 1;
  b.d = !b.d;
  b.e += 1;
  b.rest++;
  return b;
}

struct packed {
  char a;
  int b;
  short c;
  double d;
} __attribute__((packed));

struct packed packed_of(struct packed p)
{
  p.a++;
  p.b++;
  p.c++;
  p.d++;
  return p;
}

struct aligned {
  _Alignas(32) int a;
  int b;
};

struct aligned aligned_of(struct aligned s)
{
  return (struct aligned){s.b, s.a + ((uintptr_t)&s % 32 ? 1000 : 0)};
}

/* What is aligned stands where nothing is. */
struct within {
  _Alignas(16) int a;
  char text[20];
  unsigned b : 5;
};

struct around {
  char before;
  struct within in;
  struct within more[2];
} __attribute__((packed));

struct around around_of(struct around s)
{
  s.before++;
  s.in.a += s.more[0].a + s.more[1].a;
  s.in.b++;
  s.more[1].text[0] = 'X';
  return s;
}

struct anonymous {
  int a;
  struct {
    int b, c;
  };
  int d;
};

int anonymous_sum(struct anonymous s)
{
  return s.a + s.b * 10 + s.c * 100 + s.d * 1000;
}

struct anonymous anonymous_of(int n)
{
  struct anonymous s = {n, {n + 1, n + 2}, n + 3};

  return s;
}

struct with_text {
  const char *text;
  int n;
};

int text_at(struct with_text t)
{
  return t.text ? t.text[t.n] : -1;
}

struct with_text text_of(int n)
{
  return (struct with_text){n ? "some text" : NULL, n};
}

struct wide {
  int8_t a;
  int64_t b;
  uint8_t c;
  uint32_t d;
  bool e;
  uint16_t f;
};

struct wide wide_of(struct wide w)
{
  return (struct wide){w.a, -w.b, w.c, ~w.d, !w.e, w.f};
}

/* --- Pointers ------------------------------------------------------------- */

double distance2(const point *a, const point *b)
{
  return (a->x - b->x) * (a->x - b->x) + (a->y - b->y) * (a->y - b->y);
}

int age_of(const person *p)
{
  return p->age + (int)strlen(p->name) * 100;
}

unsigned bits_sum(const struct bits *b)
{
  return b->a + (unsigned)b->e + (unsigned)b->rest;
}

// @js is_absent(opt p)
int is_absent(const point *p)
{
  return p ? (int)p->x : -1;
}

const point *origin_or_null(int which)
{
  static const point origin = {1, 2};

  return which ? &origin : 0;
}

// @js scale(inout p)
void scale(point *p, double k)
{
  p->x *= k;
  p->y *= k;
}

// @js rename_person(inout p)
int rename_person(person *p, const char *name)
{
  strncpy(p->name, name, sizeof p->name);
  p->age *= 2;
  return (int)strlen(name);
}

// @js make_point(out to)
void make_point(double x, double y, point *to)
{
  to->x = x;
  to->y = y;
}

// @js move(inout a, inout b, out far)
void move(point *a, point *b, bool *far)
{
  point c = *a;

  *a = *b;
  *b = c;
  *far = a->x - b->x > 10;
}

// @js flip_bits(inout b)
void flip_bits(struct bits *b)
{
  b->a = ~b->a;
  b->d = !b->d;
}
