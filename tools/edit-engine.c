/*
 * edit-engine: apply the engine's edits to a copy of its pinned source.
 *
 *   edit-engine SRC_DIR EDITS_DIR OUT_DIR
 *
 * SRC_DIR is a pristine tree of the pinned version and is only read. Every
 * EDITS_DIR/NN-name.edit is read in the order of the names, and every hunk is
 * located in the pristine text before the first one is applied: an edit never
 * sees what another one wrote, so their order decides nothing but the order of
 * lines that two of them insert at one place. An anchor that is missing or not
 * unique, and two hunks that touch the same text, are errors: the engine is
 * then not what the edit was written for. Only edited files are written to
 * OUT_DIR, each under a temporary name first, and a file whose content would
 * not change is left alone, so that make has nothing to rebuild.
 *
 * An edit:
 *
 *   # reason: why, in as many '#' lines as it takes
 *   # test: what shows it
 *   @@ quickjs.c in js_malloc_rt
 *   <<<
 *   the anchor, exactly
 *   === replace
 *   the new text
 *   >>>
 *
 * `in NAME` restricts the anchor to the definition of that function, or with
 * `in struct NAME` of that structure. `replace` exchanges exactly the anchor,
 * which may be a part of a line; `before` and `after` insert whole lines
 * before the line that the anchor begins on or after the one it ends on.
 */
#define _POSIX_C_SOURCE 200809L

#include <dirent.h>
#include <errno.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define VERSION_MAJOR 0
#define VERSION_MINOR 17
#define VERSION_PATCH 0

struct text {
  char *data; /* NUL-terminated for the string functions, NULs are refused */
  size_t len;
};

enum place { PLACE_REPLACE, PLACE_BEFORE, PLACE_AFTER };

struct hunk {
  const char *edit; /* the edit's file name, borrowed from its struct edit */
  size_t line;      /* of the anchor's first line in the edit */
  size_t order;     /* across all edits */
  char *file;
  char *scope; /* NULL: the whole file */
  struct text anchor;
  struct text text;
  enum place place;
  size_t found;      /* offsets in the pristine text: where the anchor is, */
  size_t from, upto; /* and what is exchanged; empty for an insertion */
};

struct edit {
  char *name;
  struct text text;
};

static struct edit *edits;
static size_t edit_count;
static struct hunk *hunks;
static size_t hunk_count;
static bool failed;

static void complain(const char *format, va_list ap)
{
  fputs("edit-engine: ", stderr);
  vfprintf(stderr, format, ap);
  fputc('\n', stderr);
}

static _Noreturn void die(const char *format, ...)
{
  va_list ap;
  va_start(ap, format);
  complain(format, ap);
  va_end(ap);
  exit(1);
}

/* For errors after which the rest is still worth checking. */
static void report(const char *format, ...)
{
  va_list ap;
  va_start(ap, format);
  complain(format, ap);
  va_end(ap);
  failed = true;
}

static void *resize(void *p, size_t count, size_t size)
{
  if (count > SIZE_MAX / size) {
    die("out of memory");
  }
  p = realloc(p, count * size);
  if (!p) {
    die("out of memory");
  }
  return p;
}

static char *copy_bytes(const char *s, size_t len)
{
  char *p = resize(NULL, len + 1, 1);
  memcpy(p, s, len);
  p[len] = '\0';
  return p;
}

static char *join(const char *dir, const char *name, const char *suffix)
{
  size_t len = strlen(dir) + strlen(name) + strlen(suffix) + 2;
  char *p = resize(NULL, len, 1);
  snprintf(p, len, "%s/%s%s", dir, name, suffix);
  return p;
}

/* false with errno set where the file cannot be read. */
static bool read_file(const char *path, struct text *out)
{
  size_t room = 0;
  FILE *f = fopen(path, "rb");
  int error;
  out->data = NULL;
  out->len = 0;
  if (!f) {
    return false;
  }
  for (;;) {
    size_t n;
    if (room - out->len < 2) {
      room = room ? room * 2 : 1 << 16;
      out->data = resize(out->data, room, 1);
    }
    n = fread(out->data + out->len, 1, room - out->len - 1, f);
    if (n == 0) {
      break;
    }
    out->len += n;
  }
  error = ferror(f) ? errno : 0;
  fclose(f);
  if (error) {
    free(out->data);
    out->data = NULL;
    errno = error;
    return false;
  }
  out->data[out->len] = '\0';
  return true;
}

static struct text read_source(const char *dir, const char *name)
{
  char *path = join(dir, name, "");
  struct text t;
  if (!read_file(path, &t)) {
    die("%s: %s", path, strerror(errno));
  }
  if (strlen(t.data) != t.len) {
    die("%s: holds a NUL byte", path);
  }
  free(path);
  return t;
}

/* The engine's version */

static int version_part(const char *header, const char *name)
{
  const char *p = header;
  size_t len = strlen(name);
  while ((p = strstr(p, name))) {
    const char *digits = p + len;
    char *end;
    long value = strtol(digits, &end, 10);
    if (*digits == ' ' && end != digits && value >= 0 && value < 10000) {
      return (int)value;
    }
    p += len;
  }
  return -1;
}

static void check_version(const char *src_dir)
{
  struct text t = read_source(src_dir, "quickjs.h");
  int major = version_part(t.data, "#define QJS_VERSION_MAJOR");
  int minor = version_part(t.data, "#define QJS_VERSION_MINOR");
  int patch = version_part(t.data, "#define QJS_VERSION_PATCH");
  if (major < 0 || minor < 0 || patch < 0) {
    die("%s/quickjs.h does not say a version", src_dir);
  }
  if (major != VERSION_MAJOR || minor != VERSION_MINOR ||
      patch != VERSION_PATCH) {
    die("%s holds QuickJS-ng %d.%d.%d, these edits are for %d.%d.%d", src_dir,
        major, minor, patch, VERSION_MAJOR, VERSION_MINOR, VERSION_PATCH);
  }
  free(t.data);
}

/* Edit files */

struct reader {
  const char *name;
  const char *next; /* start of the line after the current one */
  const char *line; /* the current line, not terminated */
  size_t len;
  size_t number;
};

static bool next_line(struct reader *r)
{
  const char *end;
  if (!*r->next) {
    return false;
  }
  end = strchr(r->next, '\n');
  r->line = r->next;
  r->len = end ? (size_t)(end - r->next) : strlen(r->next);
  r->next = end ? end + 1 : r->next + r->len;
  r->number++;
  return true;
}

static bool line_is(const struct reader *r, const char *s)
{
  return r->len == strlen(s) && !memcmp(r->line, s, r->len);
}

static bool line_starts(const struct reader *r, const char *s)
{
  return r->len >= strlen(s) && !memcmp(r->line, s, strlen(s));
}

static bool place_of(const struct reader *r, enum place *out)
{
  if (line_is(r, "=== replace")) {
    *out = PLACE_REPLACE;
  } else if (line_is(r, "=== before")) {
    *out = PLACE_BEFORE;
  } else if (line_is(r, "=== after")) {
    *out = PLACE_AFTER;
  } else {
    return false;
  }
  return true;
}

static bool is_name_char(char c)
{
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
         (c >= '0' && c <= '9') || c == '_';
}

/* The line `@@ FILE [in SCOPE]`. */
static void read_target(const struct reader *r, struct hunk *h)
{
  char *line = copy_bytes(r->line, r->len);
  char *file = line + strlen("@@ ");
  char *scope = strstr(file, " in ");
  char *p;
  if (scope) {
    *scope = '\0';
    scope += strlen(" in ");
    p = scope;
    if (!strncmp(p, "struct ", strlen("struct "))) {
      p += strlen("struct ");
    }
    if (!*p || p[strspn(p, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVW"
                           "XYZ0123456789_")]) {
      die("%s:%zu: '%s' is no name of a function", r->name, r->number, scope);
    }
  }
  if (!*file || strpbrk(file, " /\\") || file[0] == '.') {
    die("%s:%zu: '%s' is no name of a file in the source tree", r->name,
        r->number, file);
  }
  h->file = copy_bytes(file, strlen(file));
  h->scope = scope ? copy_bytes(scope, strlen(scope)) : NULL;
  free(line);
}

/* Lines up to a terminator, without the newline before it. */
static struct text take_lines(const char *from, const char *upto)
{
  struct text t;
  t.len = upto > from ? (size_t)(upto - from) - 1 : 0;
  t.data = copy_bytes(from, t.len);
  return t;
}

static void read_hunk(struct reader *r)
{
  struct hunk *h;
  const char *from;
  size_t target_line = r->number;
  hunks = resize(hunks, hunk_count + 1, sizeof(*hunks));
  h = &hunks[hunk_count];
  memset(h, 0, sizeof(*h));
  h->edit = r->name;
  h->order = hunk_count++;
  read_target(r, h);
  if (!next_line(r) || !line_is(r, "<<<")) {
    die("%s:%zu: expected '<<<' after the '@@' line", r->name, r->number);
  }
  from = r->next;
  h->line = r->number + 1;
  for (;;) {
    if (!next_line(r)) {
      die("%s:%zu: the hunk has no '===' line", r->name, target_line);
    }
    if (line_starts(r, "===")) {
      break;
    }
    if (line_starts(r, "<<<") || line_starts(r, ">>>") ||
        line_starts(r, "@@ ")) {
      die("%s:%zu: expected '===', got '%.*s'", r->name, r->number, (int)r->len,
          r->line);
    }
  }
  if (!place_of(r, &h->place)) {
    die("%s:%zu: expected '=== replace', '=== before' or '=== after', got "
        "'%.*s'",
        r->name, r->number, (int)r->len, r->line);
  }
  h->anchor = take_lines(from, r->line);
  if (h->anchor.len == 0) {
    die("%s:%zu: the anchor is empty", r->name, h->line);
  }
  from = r->next;
  for (;;) {
    if (!next_line(r)) {
      die("%s:%zu: the hunk has no '>>>' line", r->name, target_line);
    }
    if (line_starts(r, ">>>")) {
      break;
    }
    if (line_starts(r, "<<<") || line_starts(r, "===")) {
      die("%s:%zu: expected '>>>', got '%.*s'", r->name, r->number, (int)r->len,
          r->line);
    }
  }
  if (!line_is(r, ">>>")) {
    die("%s:%zu: expected '>>>', got '%.*s'", r->name, r->number, (int)r->len,
        r->line);
  }
  h->text = take_lines(from, r->line);
  if (h->place != PLACE_REPLACE && h->text.len == 0) {
    die("%s:%zu: nothing to insert", r->name, r->number);
  }
}

static void read_edit(const struct edit *e)
{
  struct reader r = {.name = e->name, .next = e->text.data};
  bool reason = false, test = false;
  size_t first = hunk_count;
  while (next_line(&r)) {
    if (r.len == 0) {
      continue;
    }
    if (r.line[0] == '#') {
      reason |= line_starts(&r, "# reason: ");
      test |= line_starts(&r, "# test: ");
    } else if (line_starts(&r, "@@ ")) {
      if (!reason || !test) {
        die("%s:%zu: a hunk before '# reason: ' and '# test: '", r.name,
            r.number);
      }
      read_hunk(&r);
    } else {
      die("%s:%zu: expected '#', '@@ ' or an empty line, got '%.*s'", r.name,
          r.number, (int)r.len, r.line);
    }
  }
  if (hunk_count == first) {
    die("%s:%zu: the edit has no hunk", r.name, r.number);
  }
}

static int compare_edits(const void *a, const void *b)
{
  return strcmp(((const struct edit *)a)->name, ((const struct edit *)b)->name);
}

static void read_edits(const char *dir)
{
  DIR *d = opendir(dir);
  struct dirent *entry;
  size_t i;
  if (!d) {
    die("%s: %s", dir, strerror(errno));
  }
  while ((errno = 0, entry = readdir(d))) {
    size_t len = strlen(entry->d_name);
    if (entry->d_name[0] == '.' || len < 6 ||
        strcmp(entry->d_name + len - 5, ".edit")) {
      continue;
    }
    edits = resize(edits, edit_count + 1, sizeof(*edits));
    edits[edit_count].name = copy_bytes(entry->d_name, len);
    edits[edit_count].text = read_source(dir, entry->d_name);
    edit_count++;
  }
  if (errno) {
    die("%s: %s", dir, strerror(errno));
  }
  closedir(d);
  if (edit_count == 0) {
    die("%s: holds no *.edit", dir);
  }
  qsort(edits, edit_count, sizeof(*edits), compare_edits);
  for (i = 0; i < edit_count; i++) {
    read_edit(&edits[i]);
  }
}

/* Locating */

/* The offset of `what` in [from, upto), or upto. */
static size_t find(const struct text *t, size_t from, size_t upto,
                   const char *what, size_t len)
{
  while (upto - from >= len) {
    const char *p = memchr(t->data + from, what[0], upto - from - len + 1);
    if (!p) {
      break;
    }
    from = (size_t)(p - t->data);
    if (!memcmp(p, what, len)) {
      return from;
    }
    from++;
  }
  return upto;
}

static size_t count_occurrences(const struct text *t, size_t from, size_t upto,
                                const struct text *what, size_t *first)
{
  size_t count = 0;
  while ((from = find(t, from, upto, what->data, what->len)) < upto) {
    if (count++ == 0) {
      *first = from;
    }
    from++;
  }
  return count;
}

static size_t line_start(const struct text *t, size_t at)
{
  while (at > 0 && t->data[at - 1] != '\n') {
    at--;
  }
  return at;
}

static size_t line_number(const struct text *t, size_t at)
{
  size_t i, n = 1;
  for (i = 0; i < at; i++) {
    n += t->data[i] == '\n';
  }
  return n;
}

static size_t skip_space(const struct text *t, size_t at)
{
  while (t->data[at] && strchr(" \t\r\n", t->data[at])) {
    at++;
  }
  return at;
}

/*
 * Whether the name at `at` is that of a definition; the engine writes those
 * in lines that begin in the first column and closes them by a brace there,
 * which needs no knowledge of comments, strings and conditional code.
 */
static bool is_definition(const struct text *t, size_t at, size_t len,
                          bool is_struct)
{
  size_t start = line_start(t, at);
  size_t p = at + len;
  if (!is_name_char(t->data[start]) || is_name_char(t->data[p]) ||
      (at > 0 && is_name_char(t->data[at - 1]))) {
    return false;
  }
  if (!is_struct) {
    int depth = 0;
    if (t->data[p] != '(') {
      return false;
    }
    do {
      depth += (t->data[p] == '(') - (t->data[p] == ')');
      p++;
    } while (depth > 0 && t->data[p]);
  }
  return t->data[skip_space(t, p)] == '{';
}

static bool find_scope(const struct text *t, const struct hunk *h, size_t *from,
                       size_t *upto)
{
  const char *name = h->scope;
  bool is_struct = !strncmp(name, "struct ", strlen("struct "));
  size_t len = strlen(name);
  size_t at = 0, count = 0;
  while ((at = find(t, at, t->len, name, len)) < t->len) {
    if (is_definition(t, at, len, is_struct)) {
      size_t end;
      *from = line_start(t, at);
      end = find(t, at, t->len, "\n}", 2);
      *upto = end < t->len ? end + 2 : t->len;
      count++;
    }
    at++;
  }
  if (count != 1) {
    report("%s:%zu: %s is defined %zu times in %s, expected once", h->edit,
           h->line, name, count, h->file);
  }
  return count == 1;
}

static void locate(const struct text *t, struct hunk *h)
{
  size_t from = 0, upto = t->len, count;
  if (h->scope && !find_scope(t, h, &from, &upto)) {
    return;
  }
  count = count_occurrences(t, from, upto, &h->anchor, &h->found);
  if (count != 1) {
    report("%s:%zu: the anchor was found %zu times in %s of %s, expected once",
           h->edit, h->line, count, h->scope ? h->scope : "the text", h->file);
    return;
  }
  h->from = h->found;
  h->upto = h->found + h->anchor.len;
  if (h->place == PLACE_BEFORE) {
    h->from = h->upto = line_start(t, h->found);
  } else if (h->place == PLACE_AFTER) {
    size_t end = h->upto;
    if (t->data[end - 1] != '\n') {
      end = find(t, end, t->len, "\n", 1) + 1;
    }
    if (end > t->len) {
      report("%s:%zu: %s does not end in a newline", h->edit, h->line, h->file);
      return;
    }
    h->from = h->upto = end;
  }
}

static bool hunks_overlap(const struct hunk *a, const struct hunk *b)
{
  size_t a_end = a->found + a->anchor.len;
  size_t b_end = b->found + b->anchor.len;
  if (a->found < b_end && b->found < a_end) {
    return true;
  }
  /* an insertion into text that the other one exchanges */
  return (a->from > b->from && a->from < b->upto) ||
         (b->from > a->from && b->from < a->upto);
}

static int compare_hunks(const void *pa, const void *pb)
{
  const struct hunk *a = pa, *b = pb;
  int order = strcmp(a->file, b->file);
  if (order) {
    return order;
  }
  if (a->from != b->from) {
    return a->from < b->from ? -1 : 1;
  }
  /* an insertion at the start of exchanged text comes before it */
  if ((a->from == a->upto) != (b->from == b->upto)) {
    return a->from == a->upto ? -1 : 1;
  }
  return a->order < b->order ? -1 : 1;
}

/* Writing */

struct output {
  struct text text;
  size_t room;
};

static void append(struct output *o, const char *s, size_t len)
{
  if (len > o->room - o->text.len) {
    o->room = (o->text.len + len) * 2;
    o->text.data = resize(o->text.data, o->room, 1);
  }
  memcpy(o->text.data + o->text.len, s, len);
  o->text.len += len;
}

static void write_output(const char *dir, const char *name,
                         const struct text *t)
{
  char *path = join(dir, name, "");
  char *temp = join(dir, name, ".tmp");
  struct text old;
  FILE *f;
  bool written;
  if (read_file(path, &old)) {
    bool same = old.len == t->len && !memcmp(old.data, t->data, t->len);
    free(old.data);
    if (same) {
      goto out;
    }
  }
  f = fopen(temp, "wb");
  if (!f) {
    die("%s: %s", temp, strerror(errno));
  }
  written = fwrite(t->data, 1, t->len, f) == t->len;
  if (fclose(f) || !written || rename(temp, path)) {
    int error = errno;
    remove(temp);
    die("%s: %s", path, strerror(error));
  }
out:
  free(path);
  free(temp);
}

/* Hunks [first, end) are those of one file. */
static void locate_file(const char *src_dir, struct text *t, size_t first,
                        size_t end)
{
  size_t i, j;
  *t = read_source(src_dir, hunks[first].file);
  for (i = first; i < end; i++) {
    locate(t, &hunks[i]);
  }
  if (failed) {
    return;
  }
  for (i = first; i < end; i++) {
    for (j = first; j < i; j++) {
      const struct hunk *a = &hunks[j], *b = &hunks[i];
      if (hunks_overlap(a, b)) {
        report("%s:%zu and %s:%zu overlap at %s:%zu", a->edit, a->line, b->edit,
               b->line, b->file, line_number(t, b->found));
      }
    }
  }
}

static void apply_file(const struct text *t, struct output *o, size_t first,
                       size_t end)
{
  size_t at = 0, i;
  qsort(hunks + first, end - first, sizeof(*hunks), compare_hunks);
  for (i = first; i < end; i++) {
    const struct hunk *h = &hunks[i];
    append(o, t->data + at, h->from - at);
    append(o, h->text.data, h->text.len);
    if (h->place != PLACE_REPLACE) {
      append(o, "\n", 1);
    }
    at = h->upto;
  }
  append(o, t->data + at, t->len - at);
}

static int compare_files(const void *pa, const void *pb)
{
  const struct hunk *a = pa, *b = pb;
  int order = strcmp(a->file, b->file);
  return order ? order : a->order < b->order ? -1 : 1;
}

/* Nothing is written before every edit of every file has found its place. */
static void apply_edits(const char *src_dir, const char *out_dir)
{
  struct file {
    struct text text;
    size_t first, end;
  } *files = NULL;
  size_t count = 0, i = 0;
  qsort(hunks, hunk_count, sizeof(*hunks), compare_files);
  while (i < hunk_count) {
    files = resize(files, count + 1, sizeof(*files));
    files[count].first = i;
    while (i < hunk_count &&
           !strcmp(hunks[i].file, hunks[files[count].first].file)) {
      i++;
    }
    files[count].end = i;
    locate_file(src_dir, &files[count].text, files[count].first, i);
    count++;
  }
  if (failed) {
    exit(1);
  }
  if (mkdir(out_dir, 0777) && errno != EEXIST) {
    die("%s: %s", out_dir, strerror(errno));
  }
  for (i = 0; i < count; i++) {
    struct output o = {{NULL, 0}, 0};
    apply_file(&files[i].text, &o, files[i].first, files[i].end);
    write_output(out_dir, hunks[files[i].first].file, &o.text);
    free(o.text.data);
    free(files[i].text.data);
  }
  free(files);
}

static void release(void)
{
  size_t i;
  for (i = 0; i < hunk_count; i++) {
    free(hunks[i].file);
    free(hunks[i].scope);
    free(hunks[i].anchor.data);
    free(hunks[i].text.data);
  }
  free(hunks);
  for (i = 0; i < edit_count; i++) {
    free(edits[i].name);
    free(edits[i].text.data);
  }
  free(edits);
}

int main(int argc, char **argv)
{
  if (argc != 4) {
    fputs("usage: edit-engine SRC_DIR EDITS_DIR OUT_DIR\n", stderr);
    return 2;
  }
  check_version(argv[1]);
  read_edits(argv[2]);
  apply_edits(argv[1], argv[3]);
  release();
  return 0;
}
