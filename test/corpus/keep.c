/* Callbacks that live on, and are called later, from any thread. */
#include <pthread.h>
#include <stddef.h>
#include <unistd.h>

typedef void listener(int event, const char *text, void *user);

static struct {
  listener *f;
  void *user;
} listeners[8];
static int count;

// @js add_listener(keep f)
int add_listener(listener *f, void *user)
{
  if (count == 8) return -1;
  listeners[count].f = f;
  listeners[count++].user = user;
  return count;
}

int emit(int event, const char *text)
{
  int i;

  for (i = 0; i < count; i++)
    listeners[i].f(event, text, listeners[i].user);
  return i;
}

static void *work(void *p)
{
  (void)p;
  emit(99, "from a thread");
  return NULL;
}

/* Returns at once. */
int emit_elsewhere(void)
{
  pthread_t t;

  if (pthread_create(&t, NULL, work, NULL)) return -1;
  return pthread_detach(t);
}

void forget_all(void)
{
  count = 0;
}

/* Kept by C, though nobody has said so: a call after its lifetime is refused. */
static void (*stale)(int n, void *user);
static void *stale_user;

void borrow(void (*f)(int n, void *user), void *user)
{
  stale = f;
  stale_user = user;
}

void call_borrowed(int n)
{
  if (stale) stale(n, stale_user);
}
