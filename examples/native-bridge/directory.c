#include "directory.h"

#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

typedef struct question {
  struct question *next;
  uint64_t id;
  directory_answer *answer;
  void *data;
  bool is_cancelled;
  char name[];
} question;

/* The mutex guards all that is below it, and is never held while an answer is
 * given, which may ask, or come to a lock of its own. */
struct directory {
  pthread_t thread;
  pthread_mutex_t mutex;
  pthread_cond_t changed;
  question *first, **end; /* that wait; the next one goes to `end` */
  question *current;      /* the thread's; it frees it */
  bool is_closing;
};

static const char *const people[][2] = {
    {"ada", "Ada Lovelace"},
    {"barbara", "Barbara Liskov"},
    {"grace", "Grace Hopper"},
};

static atomic_uint delay_us = 1000;
static atomic_uint opened, closed, asked, ended;

void directory_set_delay_us(unsigned us)
{
  delay_us = us;
}

directory_counts directory_count(void)
{
  return (directory_counts){opened, closed, asked, ended};
}

static const char *find_person(const char *name)
{
  size_t i;

  for (i = 0; i < sizeof people / sizeof *people; i++)
    if (strcmp(name, people[i][0]) == 0) return people[i][1];
  return NULL;
}

/* Counted first: whoever has the answer finds it counted. */
static void end(question *q, int result, const char *value)
{
  ended++;
  q->answer(q->data, q->id, result, value);
  free(q);
}

static question *take(directory *d, question **at)
{
  question *q = *at;

  *at = q->next;
  if (!*at) d->end = at;
  return q;
}

static struct timespec in_a_while(void)
{
  struct timespec t;

  clock_gettime(CLOCK_MONOTONIC, &t);
  t.tv_nsec += delay_us % 1000000 * 1000L;
  t.tv_sec += delay_us / 1000000 + t.tv_nsec / 1000000000;
  t.tv_nsec %= 1000000000;
  return t;
}

/* Waits with the mutex; false: cancelled. */
static bool look_up(directory *d, const question *q)
{
  struct timespec until = in_a_while();
  bool is_endless = strcmp(q->name, "godot") == 0;
  int r = is_endless || delay_us ? 0 : ETIMEDOUT;

  while (r == 0 && !q->is_cancelled && !d->is_closing)
    r = is_endless ? pthread_cond_wait(&d->changed, &d->mutex)
                   : pthread_cond_timedwait(&d->changed, &d->mutex, &until);
  return !q->is_cancelled && !d->is_closing;
}

static void *work(void *p)
{
  directory *d = p;
  const char *value;
  question *q;
  bool is_there;

  pthread_mutex_lock(&d->mutex);
  while (!d->is_closing) {
    if (!d->first) {
      pthread_cond_wait(&d->changed, &d->mutex);
      continue;
    }
    q = d->current = take(d, &d->first);
    is_there = look_up(d, q);
    d->current = NULL;
    pthread_mutex_unlock(&d->mutex);
    value = is_there ? find_person(q->name) : NULL;
    end(q, value ? 0 : is_there ? ENOENT : ECANCELED, value);
    pthread_mutex_lock(&d->mutex);
  }
  pthread_mutex_unlock(&d->mutex);
  return NULL;
}

static int init_condition(pthread_cond_t *c)
{
  pthread_condattr_t attributes;
  int r = pthread_condattr_init(&attributes);

  if (r) return r;
  r = pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
  if (r == 0) r = pthread_cond_init(c, &attributes);
  pthread_condattr_destroy(&attributes);
  return r;
}

int directory_open(directory **out)
{
  directory *d = calloc(1, sizeof *d);
  int r = ENOMEM;

  *out = NULL;
  if (!d) return r;
  d->end = &d->first;
  r = pthread_mutex_init(&d->mutex, NULL);
  if (r) goto fail_mutex;
  r = init_condition(&d->changed);
  if (r) goto fail_condition;
  r = pthread_create(&d->thread, NULL, work, d);
  if (r) goto fail_thread;
  opened++;
  *out = d;
  return 0;
fail_thread:
  pthread_cond_destroy(&d->changed);
fail_condition:
  pthread_mutex_destroy(&d->mutex);
fail_mutex:
  free(d);
  return r;
}

int directory_ask(directory *d, uint64_t id, const char *name,
                  directory_answer *answer, void *data)
{
  size_t size = strlen(name) + 1;
  question *q = malloc(sizeof *q + size);

  if (!q) return ENOMEM;
  *q = (question){.id = id, .answer = answer, .data = data};
  memcpy(q->name, name, size);
  asked++;
  pthread_mutex_lock(&d->mutex);
  *d->end = q;
  d->end = &q->next;
  pthread_cond_signal(&d->changed);
  pthread_mutex_unlock(&d->mutex);
  return 0;
}

void directory_cancel(directory *d, uint64_t id)
{
  question **at, *q = NULL;

  pthread_mutex_lock(&d->mutex);
  if (d->current && d->current->id == id) {
    d->current->is_cancelled = true;
    pthread_cond_signal(&d->changed);
  } else {
    for (at = &d->first; *at && (*at)->id != id;)
      at = &(*at)->next;
    if (*at) q = take(d, at);
  }
  pthread_mutex_unlock(&d->mutex);
  if (q) end(q, ECANCELED, NULL);
}

void directory_close(directory *d)
{
  if (!d) return;
  pthread_mutex_lock(&d->mutex);
  d->is_closing = true;
  pthread_cond_signal(&d->changed);
  pthread_mutex_unlock(&d->mutex);
  pthread_join(d->thread, NULL);
  while (d->first)
    end(take(d, &d->first), ECANCELED, NULL);
  pthread_cond_destroy(&d->changed);
  pthread_mutex_destroy(&d->mutex);
  free(d);
  closed++;
}
