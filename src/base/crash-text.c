#include "base/crash-text.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "base/out.h"
#include "base/utf8.h"

static void write_all(void *data, const char *text, size_t len)
{
  ssize_t n = 0;

  (void)data;
  while (len && (n >= 0 || errno == EINTR)) {
    n = write(STDERR_FILENO, text, len);
    if (n <= 0) continue;
    text += n;
    len -= (size_t)n;
  }
}

static void put_digits(tenon_p_out *o, uint64_t n, unsigned base)
{
  char text[24];
  size_t i = sizeof text;

  do {
    text[--i] = "0123456789abcdef"[n % base];
    n /= base;
  } while (n);
  tenon_p_out_write(o, text + i, sizeof text - i);
}

static void put_number(tenon_p_out *o, long n)
{
  if (n < 0) tenon_p_out_puts(o, "-");
  put_digits(o, n < 0 ? -(uint64_t)n : (uint64_t)n, 10);
}

static void put_address(tenon_p_out *o, const void *p)
{
  tenon_p_out_puts(o, "0x");
  put_digits(o, (uintptr_t)p, 16);
}

static const char *name_of(int number)
{
  return number == SIGSEGV  ? "SIGSEGV"
         : number == SIGBUS ? "SIGBUS"
         : number == SIGFPE ? "SIGFPE"
         : number == SIGILL ? "SIGILL"
                            : "SIGABRT";
}

static bool is_sent(const siginfo_t *info)
{
  return info->si_code <= 0;
}

static bool has_address(const siginfo_t *info)
{
  return !is_sent(info) && info->si_code != SI_KERNEL;
}

static void put_memory(tenon_p_out *o, const siginfo_t *info, bool is_overflow)
{
  if (is_overflow)
    tenon_p_out_puts(o, "stack overflow at address ");
  else if (!has_address(info))
    tenon_p_out_puts(o, "an address that no memory can have");
  else if (info->si_signo == SIGBUS)
    tenon_p_out_puts(o, "nothing behind address ");
  else if (info->si_code == SEGV_ACCERR)
    tenon_p_out_puts(o, "no access to address ");
  else
    tenon_p_out_puts(o, "no memory at address ");
  if (has_address(info)) put_address(o, info->si_addr);
}

static int digit_of(char c)
{
  if (c >= '0' && c <= '9') return c - '0';
  c |= 32;
  return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* The path that a file: URL stands for; other names as they are. */
static const char *path_of(const char *name, char *to, size_t size)
{
  size_t i = 0;

  if (strncmp(name, "file:///", 8) != 0) return name;
  for (name += 7; *name && i + 1 < size; name++) {
    int high = *name == '%' ? digit_of(name[1]) : -1;
    int low = high >= 0 ? digit_of(name[2]) : -1;
    to[i++] = low > 0 || (low == 0 && high) ? (char)(high << 4 | low) : *name;
    if (low >= 0) name += 2;
  }
  to[i] = '\0';
  return to;
}

/* What the signal is and why it came. */
static void put_signal(tenon_p_out *o, const siginfo_t *info, bool is_overflow)
{
  int number = info->si_signo;

  tenon_p_out_puts(o, name_of(number));
  tenon_p_out_puts(o, ": ");
  if (is_sent(info) && info->si_pid != getpid()) {
    tenon_p_out_puts(o, "sent by process ");
    put_number(o, info->si_pid);
  } else if (number == SIGABRT) {
    tenon_p_out_puts(o, "aborted");
  } else if (is_sent(info)) {
    tenon_p_out_puts(o, "sent by the process itself");
  } else if (number == SIGSEGV || number == SIGBUS) {
    put_memory(o, info, is_overflow);
  } else if (number == SIGILL) {
    tenon_p_out_puts(o, "illegal instruction at address ");
    put_address(o, info->si_addr);
  } else if (info->si_code == FPE_INTDIV) {
    tenon_p_out_puts(o, "integer division by zero or overflow");
  } else {
    tenon_p_out_puts(o, "arithmetic error");
  }
}

static void put_function(tenon_p_out *o, const tenon_p_crash_scene *s)
{
  if (s->function) {
    tenon_p_out_puts(o, "in native function '");
    tenon_p_out_puts(o, s->function);
    tenon_p_out_puts(o, "'");
  } else if (s->instead) {
    tenon_p_out_puts(o, "in ");
    tenon_p_out_puts(o, s->instead);
  } else {
    tenon_p_out_puts(o, "no native function was being called");
  }
  if (s->module) {
    tenon_p_out_puts(o, " of module '");
    tenon_p_out_puts(o, s->module);
    tenon_p_out_puts(o, "'");
  }
  if (s->is_on_pool) tenon_p_out_puts(o, ", on a thread of the pool");
}

static void put_text(tenon_p_out *o, const tenon_p_crash_scene *s,
                     const siginfo_t *info, bool is_overflow)
{
  tenon_p_out_puts(o, "tenon: ");
  put_signal(o, info, is_overflow);
  tenon_p_out_puts(o, "\ntenon: ");
  put_function(o, s);
  if (s->file) {
    tenon_p_out_puts(o, " (");
    tenon_p_out_puts(o, s->file);
    tenon_p_out_puts(o, ":");
    put_digits(o, s->line, 10);
    tenon_p_out_puts(o, ")");
  }
  if (s->script[0]) {
    tenon_p_out_puts(o, "\ntenon: the script was at ");
    tenon_p_out_puts(o, s->script);
    tenon_p_out_puts(o, ":");
    put_number(o, s->script_line);
    tenon_p_out_puts(o, ":");
    put_number(o, s->script_column);
  }
  tenon_p_out_puts(o, "\n");
}

/* --- JSON ---------------------------------------------------------------------------- */

static void put_escaped(void *data, const char *text, size_t len)
{
  const uint8_t *p = (const uint8_t *)text, *end = p + len;
  tenon_p_out *o = data;

  while (p < end) {
    const uint8_t *begin = p;
    uint32_t c = tenon_p_utf8_decode(&p, end);
    if (c == '"' || c == '\\') tenon_p_out_puts(o, "\\");
    if (c < 0x20) {
      tenon_p_out_puts(o, c < 0x10 ? "\\u000" : "\\u00");
      put_digits(o, c, 16);
    } else if (c == 0xfffd) {
      tenon_p_out_puts(o, "\\ufffd");
    } else {
      tenon_p_out_write(o, (const char *)begin, (size_t)(p - begin));
    }
  }
}

static void put_string(tenon_p_out *o, const char *name, const char *text)
{
  tenon_p_out_puts(o, name);
  tenon_p_out_puts(o, "\"");
  put_escaped(o, text, strlen(text));
  tenon_p_out_puts(o, "\"");
}

static void put_place(tenon_p_out *o, const char *name, const char *file,
                      long line)
{
  tenon_p_out_puts(o, name);
  put_string(o, "{\"file\":", file);
  tenon_p_out_puts(o, ",\"line\":");
  put_number(o, line);
}

static void put_json(tenon_p_out *o, const tenon_p_crash_scene *s,
                     const siginfo_t *info, bool is_overflow)
{
  tenon_p_writer escaping = {put_escaped, o};
  tenon_p_out message;

  tenon_p_out_init(&message, &escaping);
  tenon_p_out_puts(o, "{\"kind\":\"crash\",\"message\":\"");
  put_signal(&message, info, is_overflow);
  tenon_p_out_puts(&message, ", ");
  put_function(&message, s);
  tenon_p_out_flush(&message);
  tenon_p_out_puts(o, "\",\"signal\":\"");
  tenon_p_out_puts(o, name_of(info->si_signo));
  tenon_p_out_puts(o, "\"");
  if (has_address(info)) {
    tenon_p_out_puts(o, ",\"address\":\"");
    put_address(o, info->si_addr);
    tenon_p_out_puts(o, "\"");
  }
  if (s->function) put_string(o, ",\"function\":", s->function);
  if (s->module) put_string(o, ",\"module\":", s->module);
  if (s->file) {
    put_place(o, ",\"source\":", s->file, s->line);
    tenon_p_out_puts(o, "}");
  }
  if (s->script[0]) {
    put_place(o, ",\"place\":", s->script, s->script_line);
    tenon_p_out_puts(o, ",\"column\":");
    put_number(o, s->script_column);
    tenon_p_out_puts(o, "}");
  }
  tenon_p_out_puts(o, "}\n");
}

void tenon_p_crash_write(const tenon_p_crash_scene *scene,
                         const siginfo_t *info, bool is_overflow, bool is_json)
{
  /* One thread at a time writes. */
  static char module[1024];
  tenon_p_writer to = {write_all, NULL};
  tenon_p_crash_scene s = *scene;
  tenon_p_out o;

  if (s.module) s.module = path_of(s.module, module, sizeof module);
  path_of(scene->script, s.script, sizeof s.script);
  tenon_p_out_init(&o, &to);
  (is_json ? put_json : put_text)(&o, &s, info, is_overflow);
  tenon_p_out_flush(&o);
}
