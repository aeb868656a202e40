/*
 * The walk over the source: what is code, and what is a comment, a string, a
 * template or a regular expression. Whether a '/' divides is told by what stands
 * before it, and behind a bracket by what that was; so open brackets are kept.
 * Of source that is no JavaScript as much is understood as can be.
 */
#include "module/lexer.h"

#include <stdlib.h>
#include <string.h>
#include <tenon/error.h>

#include "base/alloc.h"
#include "module/forms.h"

/* What has just been read, by what may follow. */
enum after {
  AFTER_STATEMENT, /* a statement begins */
  AFTER_OPERATOR,  /* an operand is expected */
  AFTER_OPERAND    /* '/' divides */
};

enum kind { PAREN, BRACKET, BLOCK, OBJECT, CLASS, TEMPLATE };

/* Words that the next bracket is explained by. */
enum before {
  NOTHING,
  CONTROL, /* if, for, while, with */
  ASYNC,
  ARROW
};

/* Of a function or a class whose bracket is to come. */
enum pending { NONE, DECLARED, EXPRESSION };

typedef struct frame {
  uint32_t ternaries;       /* '?' whose ':' is to come */
  uint8_t kind, close;      /* enum after, of its closing bracket */
  uint8_t function, class_; /* enum pending, inside of it */
  uint8_t params;           /* a function's: enum pending */
} frame;

typedef struct lexer {
  const char *p, *end;
  frame *frames; /* the first is the source itself */
  size_t depth, capacity;
  enum after after, before_async;
  enum before before;
  enum pending params; /* of a function whose parameters have just ended */
  bool is_member, is_spread; /* behind '.', '...' */
  bool expects_key;          /* of an object or a class */
  bool is_line;              /* nothing but space is before it in its line */
  const char *no_regexp;     /* none begins before this */
  bool failed;
  tenon_p_forms forms;
} lexer;

static frame *top(lexer *x)
{
  return &x->frames[x->depth - 1];
}

static frame *push(lexer *x, enum kind kind, enum after close)
{
  frame *f;

  if (x->depth == x->capacity) {
    size_t capacity = x->capacity * 2 + 32;
    f = tenon_p_realloc(x->frames, capacity * sizeof *f);
    if (!f) {
      x->failed = true;
      x->p = x->end;
      return NULL;
    }
    x->frames = f;
    x->capacity = capacity;
  }
  f = &x->frames[x->depth++];
  *f = (frame){.kind = kind, .close = close};
  return f;
}

static void ends(lexer *x, enum after after)
{
  x->after = after;
  x->before = NOTHING;
  x->params = NONE;
  x->is_member = x->is_spread = false;
  x->expects_key = false;
  x->is_line = false;
}

/* --- Words ---------------------------------------------------------------- */

enum word { PLAIN, OPERATOR, STATEMENT, IS_CONTROL, IS_FUNCTION, IS_CLASS };

static enum word word_of(const char *s, size_t len)
{
  static const struct {
    const char *text;
    enum word is;
  } words[] = {
      {"if", IS_CONTROL},   {"for", IS_CONTROL},       {"while", IS_CONTROL},
      {"with", IS_CONTROL}, {"function", IS_FUNCTION}, {"class", IS_CLASS},
      {"else", STATEMENT},  {"do", STATEMENT},         {"return", OPERATOR},
      {"case", OPERATOR},   {"throw", OPERATOR},       {"typeof", OPERATOR},
      {"void", OPERATOR},   {"delete", OPERATOR},      {"new", OPERATOR},
      {"in", OPERATOR},     {"instanceof", OPERATOR},  {"await", OPERATOR},
      {"yield", OPERATOR},  {"extends", OPERATOR},     {"var", OPERATOR},
      {"let", OPERATOR},    {"const", OPERATOR},
  };
  size_t i;

  if (len < 2 || len > 10) return PLAIN;
  for (i = 0; i < tenon_p_countof(words); i++)
    if (strlen(words[i].text) == len && memcmp(words[i].text, s, len) == 0)
      return words[i].is;
  return PLAIN;
}

static bool is_text(const char *s, size_t len, const char *text)
{
  return len == strlen(text) && memcmp(s, text, len) == 0;
}

/* In front of a name of a member the word is not that name yet. */
static bool is_modifier(const char *s, size_t len)
{
  return is_text(s, len, "get") || is_text(s, len, "set") ||
         is_text(s, len, "async") || is_text(s, len, "static");
}

static enum pending pending_of(enum after after)
{
  return after == AFTER_OPERATOR ? EXPRESSION : DECLARED;
}

static void keyword(lexer *x, const char *s, size_t len)
{
  enum after after = x->after;
  enum before before = x->before;
  enum word is = word_of(s, len);

  ends(x, AFTER_OPERAND);
  switch (is) {
  case IS_CONTROL: x->before = CONTROL; break;
  case IS_FUNCTION:
    if (before == ASYNC) after = x->before_async;
    top(x)->function = pending_of(after);
    break;
  case IS_CLASS: top(x)->class_ = pending_of(after); break;
  case STATEMENT: x->after = AFTER_STATEMENT; break;
  case OPERATOR:
    x->after = AFTER_OPERATOR;
    if (before == CONTROL) x->before = CONTROL; /* for await */
    break;
  case PLAIN:
    if (is_text(s, len, "async")) {
      x->before = ASYNC;
      x->before_async = after;
    } else if (is_text(s, len, "of") && top(x)->kind == PAREN &&
               top(x)->close == AFTER_STATEMENT && after == AFTER_OPERAND) {
      x->after = AFTER_OPERATOR;
    }
    break;
  }
}

static void word(lexer *x)
{
  const char *s = x->p, *end = tenon_p_lex_word(s, x->end);
  size_t len = (size_t)(end - s);
  bool is_key = x->expects_key;
  int at = 0;

  x->p = end;
  if (x->depth == 1) at |= TENON_P_FORMS_TOP;
  if (x->is_member || x->is_spread) at |= TENON_P_FORMS_MEMBER;
  tenon_p_forms_word(&x->forms, s, end, at);
  if (x->is_member || is_key) {
    ends(x, AFTER_OPERAND);
    x->expects_key = is_key && is_modifier(s, len);
  } else {
    keyword(x, s, len);
  }
}

static void number(lexer *x)
{
  while (x->p < x->end) {
    const char *next = tenon_p_lex_word(x->p, x->end);
    if (next == x->p && *next == '.') next++;
    if (next == x->p) break;
    x->p = next;
  }
  ends(x, AFTER_OPERAND);
}

/* --- What holds other text ------------------------------------------------ */

/* Behind the '`' or the '}' of a template. */
static void template(lexer *x)
{
  while (x->p < x->end) {
    char c = *x->p++;
    if (c == '`') {
      ends(x, AFTER_OPERAND);
      return;
    }
    if (c == '\\' && x->p < x->end) {
      x->p++;
    } else if (c == '$' && x->p < x->end && *x->p == '{') {
      x->p++;
      push(x, TEMPLATE, AFTER_OPERAND);
      ends(x, AFTER_OPERATOR);
      return;
    }
  }
}

static void string(lexer *x)
{
  const char *end = tenon_p_lex_string(x->p, x->end);

  /* One that its line does not end is no JavaScript. */
  x->p = end ? end : x->end;
  ends(x, AFTER_OPERAND);
}

/* False when no regular expression ends in this line. */
static bool regexp(lexer *x)
{
  const char *p = x->p + 1;
  bool is_class = false, is_line = false;

  if (x->p < x->no_regexp) return false;
  for (; p < x->end; p++) {
    tenon_p_lex_space(p, x->end, &is_line);
    if (is_line) break;
    if (*p == '\\') {
      if (++p == x->end) break;
      tenon_p_lex_space(p, x->end, &is_line);
      if (is_line) break;
    } else if (*p == '[') {
      is_class = true;
    } else if (*p == ']') {
      is_class = false;
    } else if (*p == '/' && !is_class) {
      x->p = tenon_p_lex_word(p + 1, x->end);
      ends(x, AFTER_OPERAND);
      return true;
    }
  }
  x->no_regexp = p;
  return false;
}

/* --- Brackets ------------------------------------------------------------- */

static void open_paren(lexer *x)
{
  frame *outer = top(x), *f;
  enum pending params = outer->function;
  bool is_control = x->before == CONTROL;

  outer->function = NONE;
  f = push(x, PAREN, is_control ? AFTER_STATEMENT : AFTER_OPERAND);
  if (f) f->params = params;
  ends(x, AFTER_OPERATOR);
}

static void open_brace(lexer *x)
{
  frame *outer = top(x);
  enum kind kind = BLOCK;
  enum after close = AFTER_STATEMENT;

  if (x->params) {
    if (x->params == EXPRESSION) close = AFTER_OPERAND;
  } else if (outer->class_ && x->after == AFTER_OPERAND) {
    kind = CLASS;
    if (outer->class_ == EXPRESSION) close = AFTER_OPERAND;
    outer->class_ = NONE;
  } else if (x->after == AFTER_OPERATOR && x->before != ARROW) {
    kind = OBJECT;
    close = AFTER_OPERAND;
  }
  push(x, kind, close);
  ends(x, kind == OBJECT ? AFTER_OPERATOR : AFTER_STATEMENT);
  x->expects_key = kind != BLOCK;
}

static void close_bracket(lexer *x)
{
  frame f;

  if (x->depth == 1) {
    ends(x, AFTER_OPERAND);
    return;
  }
  f = *top(x);
  x->depth--;
  if (f.kind == TEMPLATE) {
    template(x);
    return;
  }
  ends(x, f.close);
  x->params = f.params;
  x->expects_key = f.kind == BLOCK && top(x)->kind == CLASS;
}

/* --- Punctuation ---------------------------------------------------------- */

static void question(lexer *x)
{
  char next = x->p < x->end ? *x->p : '\0';

  ends(x, AFTER_OPERATOR);
  if (next == '?') {
    x->p++;
  } else if (next == '.' &&
             !(x->end - x->p > 1 && x->p[1] >= '0' && x->p[1] <= '9')) {
    x->p++;
    x->is_member = true;
  } else {
    top(x)->ternaries++;
  }
}

static void colon(lexer *x)
{
  frame *f = top(x);

  ends(x, AFTER_OPERATOR);
  if (f->ternaries)
    f->ternaries--;
  else if (f->kind == BLOCK)
    x->after = AFTER_STATEMENT; /* case or a label */
}

static void dot(lexer *x)
{
  if (x->p < x->end && *x->p >= '0' && *x->p <= '9') {
    number(x);
    return;
  }
  ends(x, AFTER_OPERATOR);
  if (x->end - x->p > 1 && x->p[0] == '.' && x->p[1] == '.') {
    x->p += 2;
    x->is_spread = true;
  } else {
    x->is_member = true;
  }
}

/* The rest, at its first character, which `p` is behind. */
static void operator_(lexer *x, char c)
{
  char next = x->p < x->end ? *x->p : '\0';
  bool is_key = x->expects_key;

  if ((c == '+' || c == '-') && next == c) {
    x->p++;
    ends(x, x->after == AFTER_OPERAND ? AFTER_OPERAND : AFTER_OPERATOR);
    return;
  }
  ends(x, AFTER_OPERATOR);
  if (c == '=' && next == '>') {
    x->p++;
    x->before = ARROW;
  } else if (c == '*') {
    x->expects_key = is_key; /* of a generator */
  }
}

static void comma(lexer *x)
{
  ends(x, AFTER_OPERATOR);
  x->expects_key = top(x)->kind == OBJECT;
}

static void semicolon(lexer *x)
{
  frame *f = top(x);

  /* What a mistake has left there. */
  f->function = f->class_ = NONE;
  f->ternaries = 0;
  ends(x, f->kind == PAREN ? AFTER_OPERATOR : AFTER_STATEMENT);
  x->expects_key = f->kind == CLASS;
}

/* --- The walk ------------------------------------------------------------- */

static void to_line_end(lexer *x)
{
  bool is_line = false;

  for (; x->p < x->end; x->p++) {
    tenon_p_lex_space(x->p, x->end, &is_line);
    if (is_line) return;
  }
}

static bool is_next(const lexer *x, const char *text)
{
  size_t n = strlen(text);

  return (size_t)(x->end - x->p) >= n && memcmp(x->p, text, n) == 0;
}

/* Space, and comments of all kinds: those of HTML are there in a script. */
static bool blank(lexer *x)
{
  size_t n = tenon_p_lex_space(x->p, x->end, &x->is_line);

  if (n)
    x->p += n;
  else if (is_next(x, "//") || is_next(x, "/*"))
    x->p = tenon_p_lex_comment(x->p, x->end, &x->is_line);
  else if (is_next(x, "<!--") || (x->is_line && is_next(x, "-->")))
    to_line_end(x);
  else
    return false;
  return true;
}

static void token(lexer *x)
{
  char c = *x->p;

  if (c >= '0' && c <= '9') {
    number(x);
    return;
  }
  if (tenon_p_lex_word(x->p, x->p + 1) != x->p) {
    word(x);
    return;
  }
  if (c == '"' || c == '\'') {
    string(x);
    return;
  }
  if (c == '/' && x->after != AFTER_OPERAND && regexp(x)) return;
  x->p++;
  switch (c) {
  case '`': template(x); break;
  case '(': open_paren(x); break;
  case '[':
    push(x, BRACKET, AFTER_OPERAND);
    ends(x, AFTER_OPERATOR);
    break;
  case '{': open_brace(x); break;
  case ')':
  case ']':
  case '}': close_bracket(x); break;
  case '?': question(x); break;
  case ':': colon(x); break;
  case '.': dot(x); break;
  case ',': comma(x); break;
  case ';': semicolon(x); break;
  default: operator_(x, c); break;
  }
}

int tenon_p_lex(const char *src, size_t len, tenon_p_lexed *out)
{
  lexer x = {.p = src, .end = src + len, .is_line = true, .no_regexp = src};

  *out = (tenon_p_lexed){0};
  x.forms = (tenon_p_forms){.end = x.end, .out = out};
  push(&x, BLOCK, AFTER_STATEMENT);
  if (is_next(&x, "\xef\xbb\xbf")) x.p += 3;
  if (is_next(&x, "#!")) to_line_end(&x);
  while (x.p < x.end)
    if (!blank(&x)) token(&x);
  x.failed |= out->exports.failed || out->reexports.failed ||
              x.forms.required.failed || x.forms.specifiers.failed;
  tenon_p_forms_release(&x.forms);
  free(x.frames);
  if (!x.failed) return 0;
  tenon_p_lexed_release(out);
  return TENON_ENOMEM;
}

void tenon_p_lexed_release(tenon_p_lexed *l)
{
  tenon_p_nameset_release(&l->exports);
  tenon_p_nameset_release(&l->reexports);
}
