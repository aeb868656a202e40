/*
 * Debug information does not tell whether a function of Rust is called as those
 * of C are: `#[no_mangle] pub fn` has a symbol and a calling convention of
 * Rust's own. Its source tells, where it is at hand.
 */
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "reader/internal.h"

/* The head of a function is on so many lines, as rustfmt has it. */
enum { MAX_LINES = 4, MAX_SOURCE = 16 << 20 };

/* The whole of a file, with a NUL; NULL: it cannot be read. The last is kept. */
static const char *source_of(const char *path)
{
  static const char *last;
  static char *text;
  struct stat st;
  int fd;

  if (last && !strcmp(last, path)) return text;
  free(text);
  text = NULL;
  last = path;
  fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
  if (fd < 0) return NULL;
  if (!fstat(fd, &st) && S_ISREG(st.st_mode) && st.st_size <= MAX_SOURCE) {
    text = calloc(1, (size_t)st.st_size + 1);
    if (text && read(fd, text, (size_t)st.st_size) != st.st_size) {
      free(text);
      text = NULL;
    }
  }
  close(fd);
  return text;
}

/* Those that are C's own on the systems that this is for; `at` is behind "extern",
 * which alone means "C". */
static bool is_convention_of_c(const char *at)
{
  static const char *const names[] = {"\"C\"", "\"C-unwind\"", "\"system\"",
                                      "\"system-unwind\"", "\"cdecl\""};
  size_t i;

  at += strspn(at, " \t\r\n");
  if (*at != '"') return true;
  for (i = 0; i < tenon_p_countof(names); i++)
    if (!strncmp(at, names[i], strlen(names[i]))) return true;
  return false;
}

/* From the line of a function to behind what may be its head; NULL: its source is
 * not at hand. */
static const char *head_of(Dwarf_Die *die, const tenon_p_unit *unit,
                           const char **word)
{
  const char *path = tenon_p_die_file(die, unit), *at, *end;
  int line = tenon_p_die_line(die), i;

  at = path && line ? source_of(path) : NULL;
  for (i = 1; at && i < line; i++) {
    at = strchr(at, '\n');
    if (at) at++;
  }
  if (!at) return NULL;
  for (end = at, i = 0; i < MAX_LINES && *end; i++)
    end += strcspn(end, "\n") + (end[strcspn(end, "\n")] != '\0');
  *word = strstr(at, "fn ");
  return *word && *word < end && strcspn(at, "{;") > (size_t)(*word - at)
             ? at
             : NULL;
}

const char *tenon_p_rust_reason(Dwarf_Die *die, const tenon_p_unit *unit)
{
  const char *word, *at = head_of(die, unit, &word), *foreign;

  if (!at) return NULL;
  foreign = strstr(at, "extern");
  if (!foreign || foreign > word) return "it is not extern \"C\"";
  return is_convention_of_c(foreign + strlen("extern"))
             ? NULL
             : "it has another calling convention";
}

bool tenon_p_is_rust_bare(Dwarf_Die *die, const tenon_p_unit *unit)
{
  const char *word;

  if (!head_of(die, unit, &word)) return false;
  word += strcspn(word, "(");
  if (*word != '(') return false;
  word += 1 + strspn(word + 1, " \t\r\n");
  if (*word != ')') return false;
  word += 1 + strspn(word + 1, " \t\r\n");
  return *word == '{';
}
