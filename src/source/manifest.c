/*
 * tenon-cache 1
 * key HEX
 * source PATH
 * flags TEXT
 * result WHEN COUNT
 * file HASH DEV INO SIZE MTIME CTIME y|- PATH    the object, then COUNT more
 * absent PATH
 * end SUM                                        of all that is before
 *
 * Texts are percent-encoded: bytes up to 0x20, '%' and from 0x7f on; empty is "-".
 */
#include "source/manifest.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"

static const char head[] = "tenon-cache 1\n";

enum { SUM_SIZE = 17 };

/* Against what damages files, not against people: the folder is safe from them.
 * A hash of cryptography would be a third of the time of looking. */
static void make_sum(const char *text, size_t len, char out[SUM_SIZE])
{
  uint64_t sum = len, word;

  for (; len >= sizeof word; text += sizeof word, len -= sizeof word) {
    memcpy(&word, text, sizeof word);
    sum = (sum ^ word) * 0x9e3779b97f4a7c15;
    sum ^= sum >> 29;
  }
  for (; len; len--)
    sum = (sum ^ (unsigned char)*text++) * 0x9e3779b97f4a7c15;
  snprintf(out, SUM_SIZE, "%016llx", (unsigned long long)(sum ^ sum >> 32));
}

/* --- Writing ----------------------------------------------------------------------- */

static void put_text(tenon_p_text *t, const char *s)
{
  size_t from = 0, i;

  if (!s || !*s) {
    tenon_p_text_puts(t, "-");
    return;
  }
  for (i = 0; s[i]; i++) {
    unsigned char c = (unsigned char)s[i];
    if (c > 0x20 && c < 0x7f && c != '%' && !(c == '-' && i == 0 && !s[1]))
      continue;
    tenon_p_text_append(t, s + from, i - from);
    tenon_p_text_printf(t, "%%%02x", c);
    from = i + 1;
  }
  tenon_p_text_append(t, s + from, i - from);
}

static void put_mark(tenon_p_text *t, const tenon_p_mark *m)
{
  if (m->is_absent)
    tenon_p_text_puts(t, "absent ");
  else
    tenon_p_text_printf(t, "file %s %llu %llu %lld %lld %lld %s ", m->hash,
                        (unsigned long long)m->dev, (unsigned long long)m->ino,
                        (long long)m->size, (long long)m->mtime,
                        (long long)m->ctime, m->is_young ? "y" : "-");
  put_text(t, m->path);
  tenon_p_text_puts(t, "\n");
}

void tenon_p_manifest_begin(tenon_p_text *t, const char *key,
                            const char *source, const char *flags)
{
  tenon_p_text_puts(t, head);
  tenon_p_text_printf(t, "key %s\nsource ", key);
  put_text(t, source);
  tenon_p_text_puts(t, "\nflags ");
  put_text(t, flags);
  tenon_p_text_puts(t, "\n");
}

void tenon_p_manifest_result(tenon_p_text *t, int64_t when,
                             const tenon_p_mark *object,
                             const tenon_p_mark *marks, size_t count)
{
  size_t i;

  tenon_p_text_printf(t, "result %lld %zu\n", (long long)when, count);
  put_mark(t, object);
  for (i = 0; i < count; i++)
    put_mark(t, &marks[i]);
}

void tenon_p_manifest_end(tenon_p_text *t)
{
  char sum[SUM_SIZE];

  if (t->failed) return;
  make_sum(t->data, t->len, sum);
  tenon_p_text_printf(t, "end %s\n", sum);
}

/* --- Reading ----------------------------------------------------------------------- */

/* Lines are cut into words where they are. */
typedef struct reading {
  char *at, *end;
  bool failed;
} reading;

static bool skip(reading *r, const char *word)
{
  size_t n = strlen(word);

  if (r->failed || (size_t)(r->end - r->at) < n || memcmp(r->at, word, n) != 0)
    return false;
  r->at += n;
  return true;
}

static char *next_word(reading *r, char behind)
{
  char *from = r->at, *to;

  if (r->failed) return NULL;
  to = memchr(from, behind, (size_t)(r->end - from));
  if (!to) {
    r->failed = true;
    return NULL;
  }
  *to = '\0';
  r->at = to + 1;
  return from;
}

static int64_t read_number(reading *r, char behind)
{
  char *word = next_word(r, behind), *end;
  long long n;

  if (!word) return 0;
  errno = 0;
  n = strtoll(word, &end, 10);
  if (errno || end == word || *end) r->failed = true;
  return n;
}

static uint64_t read_unsigned(reading *r, char behind)
{
  char *word = next_word(r, behind), *end;
  unsigned long long n;

  if (!word) return 0;
  errno = 0;
  n = strtoull(word, &end, 10);
  if (errno || end == word || *end) r->failed = true;
  return n;
}

static int hex(char c)
{
  if (c >= '0' && c <= '9') return c - '0';
  return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static char *read_text(reading *r)
{
  char *word = next_word(r, '\n'), *from, *to;

  if (!word) return NULL;
  if (strcmp(word, "-") == 0) {
    *word = '\0';
    return word;
  }
  for (from = to = word; *from; from++) {
    if (*from == '%' && hex(from[1]) >= 0 && hex(from[2]) >= 0) {
      *to++ = (char)(hex(from[1]) << 4 | hex(from[2]));
      from += 2;
    } else {
      *to++ = *from;
    }
  }
  *to = '\0';
  return word;
}

static void read_hash(reading *r, char out[TENON_P_HEX])
{
  const char *word = next_word(r, ' ');

  if (!word) return;
  if (strlen(word) != TENON_P_HEX - 1)
    r->failed = true;
  else
    memcpy(out, word, TENON_P_HEX);
}

static void read_mark(reading *r, tenon_p_mark *m)
{
  const char *word;

  *m = (tenon_p_mark){0};
  if (skip(r, "absent ")) {
    m->is_absent = true;
  } else if (skip(r, "file ")) {
    read_hash(r, m->hash);
    m->dev = read_unsigned(r, ' ');
    m->ino = read_unsigned(r, ' ');
    m->size = read_number(r, ' ');
    m->mtime = read_number(r, ' ');
    m->ctime = read_number(r, ' ');
    word = next_word(r, ' ');
    m->is_young = word && *word == 'y';
  } else {
    r->failed = true;
  }
  m->path = read_text(r);
}

/* Is the end what it says? */
static bool is_whole(const char *text, size_t len)
{
  enum { END = 4 + SUM_SIZE };
  char sum[SUM_SIZE];

  if (len < END || memcmp(text + len - END, "end ", 4) != 0) return false;
  make_sum(text, len - END, sum);
  return memcmp(text + len - END + 4, sum, SUM_SIZE - 1) == 0 &&
         text[len - 1] == '\n';
}

/* Marks are one each at most. */
static size_t count_lines(const char *text, size_t len)
{
  size_t n = 0;
  const char *at = text, *end = text + len;

  while ((at = memchr(at, '\n', (size_t)(end - at)))) {
    n++;
    at++;
  }
  return n;
}

static void read_results(reading *r, tenon_p_manifest *m, size_t most)
{
  size_t used = 0, i;

  while (m->count < TENON_P_CACHE_RESULTS && skip(r, "result ")) {
    tenon_p_result *result = &m->results[m->count];
    result->when = read_number(r, ' ');
    result->count = (size_t)read_unsigned(r, '\n');
    if (r->failed || result->count > most - used) {
      r->failed = true;
      return;
    }
    read_mark(r, &result->object);
    result->marks = m->marks + used;
    for (i = 0; i < result->count && !r->failed; i++)
      read_mark(r, &result->marks[i]);
    used += result->count;
    /* A name, and no way out of the folder. */
    if (r->failed || result->object.is_absent || !result->object.path ||
        strchr(result->object.path, '/') || result->object.path[0] == '.')
      r->failed = true;
    else
      m->count++;
  }
}

int tenon_p_manifest_parse(char *text, size_t len, const char *key,
                           tenon_p_manifest *out)
{
  reading r = {.at = text, .end = text + len};
  const char *word;
  size_t lines;

  *out = (tenon_p_manifest){.text = text};
  if (!is_whole(text, len)) goto damaged;
  lines = count_lines(text, len);
  out->marks = tenon_p_malloc(lines * sizeof *out->marks);
  if (!out->marks) {
    tenon_p_manifest_release(out);
    return -ENOMEM;
  }
  if (!skip(&r, head) || !skip(&r, "key ")) goto damaged;
  word = next_word(&r, '\n');
  if (!word || (key && strcmp(word, key) != 0) || !skip(&r, "source "))
    goto damaged;
  out->source = read_text(&r);
  if (!skip(&r, "flags ")) goto damaged;
  out->flags = read_text(&r);
  read_results(&r, out, lines);
  if (!skip(&r, "end ")) goto damaged;
  return 0;
damaged:
  tenon_p_manifest_release(out);
  return -EBADMSG;
}

void tenon_p_manifest_release(tenon_p_manifest *m)
{
  free(m->text);
  free(m->marks);
  *m = (tenon_p_manifest){0};
}
