#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct {
  double x, y;
} point;

struct mixed {
  char tag;
  int32_t number;
  const char *name;
  uint8_t bytes[3];
  point at;
  float grid[2][3];
};

struct bits {
  unsigned low : 3;
  int middle : 7;
  unsigned : 5;
  uint64_t wide : 40;
  bool flag : 1;
};

struct __attribute__((packed)) packed {
  char a;
  double b;
  short c;
};

struct aligned {
  _Alignas(32) float v[4];
  char tail;
};

union number {
  int32_t i;
  float f;
  struct {
    uint16_t low, high;
  } halves;
};

struct nameless {
  int kind;
  union {
    int64_t i;
    double d;
  };
};

struct flexible {
  int n;
  double data[];
};

struct node {
  struct node *next;
  int (*visit)(struct node *self, void *user);
};

enum colour { RED, GREEN = 5, BLUE };
typedef enum { MINUS = -1, NONE, PLUS = 200 } sign;
enum wide { SMALL = 1, LARGE = 0x123456789aLL };

typedef struct opaque opaque;
struct never;
typedef uint32_t hash_type;
typedef int (*compare_fn)(const void *a, const void *b);
