/* Strings in and out, whose they are, UTF-8. */
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

size_t length_of(const char *s)
{
  return strlen(s);
}

char first_char(const char *s)
{
  return s[0];
}

int compare_text(const char *a, const char *b)
{
  int r = strcmp(a, b);

  return r < 0 ? -1 : r > 0;
}

/* Static memory. */
const char *greeting(void)
{
  return "zażółć gęślą jaźń €😀";
}

const char *name_of_day(int n)
{
  static const char *const names[] = {"Monday", "Tuesday"};

  return n >= 0 && n < 2 ? names[n] : NULL;
}

char *shared_text(int n)
{
  static char text[32];

  snprintf(text, sizeof text, "number %d", n);
  return text;
}

const char *back(const char *s)
{
  return s + (s[0] == 'x');
}

const char *ill_formed(void)
{
  return "a\xff\xc3z";
}

// @js joined(own(free))
char *joined(const char *a, const char *b)
{
  size_t n = strlen(a), k = strlen(b);
  char *s = malloc(n + k + 1);

  if (!s) return NULL;
  memcpy(s, a, n);
  memcpy(s + n, b, k + 1);
  return s;
}

// @js repeated(own)
char *repeated(const char *s, int n)
{
  char *to = n < 0 ? NULL : malloc(strlen(s) * (size_t)n + 1);
  int i;

  if (!to) return NULL;
  to[0] = '\0';
  for (i = 0; i < n; i++)
    strcat(to, s);
  return to;
}

static int freed;

void text_give_back(char *s);

// @js text_give_back(skip)
void text_give_back(char *s)
{
  freed++;
  free(s);
}

// @js counted(own(text_give_back))
char *counted(const char *s)
{
  char *to = malloc(strlen(s) + 8);

  if (to) sprintf(to, "<%s>", s);
  return to;
}

int freed_count(void)
{
  return freed;
}

// @js or_default(opt s)
const char *or_default(const char *s)
{
  return s ? s : "default";
}

// @js split(out head, out tail, own)
int split(const char *s, char at, char **head, char **tail)
{
  const char *p = strchr(s, at);

  *head = strndup(s, p ? (size_t)(p - s) : strlen(s));
  *tail = p ? strdup(p + 1) : NULL;
  return p != NULL;
}

// @js static_out(out text)
void static_out(int n, const char **text)
{
  *text = n ? "static" : NULL;
}

// @js write_text(buf(to, size))
int write_text(char *to, size_t size, int n)
{
  return snprintf(to, size, "n=%d", n);
}

// @js count_char(str s)
int count_char(char *s, char c)
{
  int n = 0;

  for (; *s; s++)
    n += *s == c;
  return n;
}

/* Nobody says that it only reads. */
void left_writer(char *s)
{
  s[0] = 'x';
}

size_t texts(const char *a, int n, const char *b, double x, const char *c)
{
  return strlen(a) * 100 + strlen(b) * 10 + strlen(c) + (size_t)n + (size_t)x;
}
