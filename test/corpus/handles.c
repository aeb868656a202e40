/* Pointers to what only C knows, as objects. */
#include <stdlib.h>
#include <string.h>

typedef struct counter {
  int n;
} counter;

static int alive;
static counter *made[128];
static int made_count;

counter *counter_new(int start)
{
  counter *c = start < 0 ? NULL : malloc(sizeof *c);

  if (!c) return NULL;
  alive++;
  c->n = start;
  if (made_count < 128) made[made_count++] = c;
  return c;
}

void counter_add(counter *c, int by)
{
  c->n += by;
}

int counter_value(const counter *c)
{
  return c->n;
}

int counter_compare(const counter *a, const counter *b)
{
  return a->n < b->n ? -1 : a->n > b->n;
}

void counter_free(counter *c)
{
  if (c) alive--;
  free(c);
}

int alive_count(void)
{
  return alive;
}

/* For the leak checker, of those that nobody has closed. */
void end_counters(int first)
{
  while (made_count > first)
    free(made[--made_count]);
}

/* Only declared where it is used, by its tag. */
struct stack;

struct stack *stack_open(void);
void stack_push(struct stack *s, double x);
double stack_pop(struct stack *s);
int stack_close(struct stack *s);

struct stack {
  double all[8];
  int count;
};

struct stack *stack_open(void)
{
  struct stack *s = calloc(1, sizeof *s);

  if (s) alive++;
  return s;
}

void stack_push(struct stack *s, double x)
{
  if (s->count < 8) s->all[s->count++] = x;
}

double stack_pop(struct stack *s)
{
  return s->count ? s->all[--s->count] : 0;
}

int stack_close(struct stack *s)
{
  int n = s->count;

  alive--;
  free(s);
  return n;
}

typedef struct file_like file_like;
struct file_like {
  char *name;
};

// @js file_like_open(out to)
int file_like_open(const char *name, file_like **to)
{
  *to = NULL;
  if (!name[0]) return -1;
  *to = malloc(sizeof **to);
  if (!*to) return -2;
  (*to)->name = strdup(name);
  alive++;
  return 0;
}

const char *file_like_name(const file_like *f)
{
  return f->name;
}

void file_like_destroy(file_like *f)
{
  free(f->name);
  free(f);
  alive--;
}

/* Of a name that tells nothing. */
typedef struct engine {
  int running;
} engine;

// @js handle(engine, engine_halt)
engine *engine_start(void)
{
  engine *e = malloc(sizeof *e);

  if (e) e->running = 1;
  alive += e != NULL;
  return e;
}

// @js engine_runs(opt e)
int engine_runs(const engine *e)
{
  return e ? e->running : -1;
}

void engine_halt(engine *e)
{
  alive--;
  free(e);
}

/* Nothing closes it. */
typedef struct loose {
  int n;
} loose;

loose *left_loose(void)
{
  static loose l;

  return &l;
}
