/*
 * See describe.h. Included by unit.c behind extension.c, whose helpers for
 * strings it uses. Properties are looked at where they stand: a getter, one
 * that is made when it is first asked for, and a Proxy stay as they are.
 */
#include "engine/describe.h"

#include "dtoa.h"

/* Units of a text that are shown. */
enum { SHOWN_UNITS = 24 };

typedef struct description {
  char *dst;
  size_t used;
} description;

/* `n` bytes, of which none is cut through: there is room for what we write. */
static void say_bytes(description *d, const char *s, size_t n)
{
  if (n > TENON_P_DESCRIPTION - 1 - d->used) return;
  memcpy(d->dst + d->used, s, n);
  d->used += n;
}

static void say(description *d, const char *s)
{
  say_bytes(d, s, strlen(s));
}

static void say_number(description *d, double number)
{
  char buf[64];
  JSDTOATempMem mem;

  if (isnan(number) || isinf(number)) {
    say(d, isnan(number) ? "NaN" : number < 0 ? "-Infinity" : "Infinity");
    return;
  }
  say_bytes(d, buf,
            (size_t)js_dtoa(buf, number, 10, 0,
                            JS_DTOA_FORMAT_FREE | JS_DTOA_MINUS_ZERO, &mem));
}

static void say_count(description *d, double count)
{
  say(d, "(");
  say_number(d, count);
  say(d, ")");
}

/* A line stays one, whatever a program calls its functions. */
static void say_char(description *d, uint32_t c)
{
  static const char digits[] = "0123456789abcdef";
  char utf8[UTF8_CHAR_LEN_MAX];

  if (c == '\n') {
    say(d, "\\n");
  } else if (c < 0x20 || (c >= 0x7f && c < 0xa0)) {
    char escape[] = {'\\', 'x', digits[c >> 4], digits[c & 15]};
    say_bytes(d, escape, sizeof escape);
  } else {
    if (c == '"' || c == '\\') say(d, "\\");
    say_bytes(d, utf8, utf8_encode((uint8_t *)utf8, c));
  }
}

static void say_units(description *d, JSString *s, size_t most)
{
  size_t i = 0;

  while (i < s->len && i < most)
    say_char(d, s->is_wide_char ? next_code_point(str16(s), s->len, &i)
                                : str8(s)[i++]);
  if (i < s->len) say(d, "…");
}

static void say_text(description *d, JSValueConst v)
{
  bool goes_on = false;

  /* Only the front of a rope is looked at, to leave it as it is. */
  while (JS_VALUE_GET_TAG(v) == JS_TAG_STRING_ROPE) {
    const JSStringRope *r = JS_VALUE_GET_STRING_ROPE(v);
    goes_on = goes_on || JS_VALUE_GET_TAG(r->right) != JS_TAG_STRING ||
              JS_VALUE_GET_STRING(r->right)->len > 0;
    v = r->left;
  }
  say_units(d, JS_VALUE_GET_STRING(v), SHOWN_UNITS);
  if (goes_on && JS_VALUE_GET_STRING(v)->len <= SHOWN_UNITS) say(d, "…");
}

static void say_atom(description *d, JSRuntime *rt, JSAtom atom)
{
  if (!__JS_AtomIsTaggedInt(atom))
    say_units(d, rt->atom_array[atom], SHOWN_UNITS);
}

/* A data property of the object itself; undefined when there is none. */
static JSValueConst own_data(JSObject *p, JSAtom key)
{
  JSProperty *pr;
  JSShapeProperty *prs = find_own_property(&pr, p, key);

  if (!prs || (prs->flags & JS_PROP_TMASK) != JS_PROP_NORMAL)
    return JS_UNDEFINED;
  return pr->u.value;
}

static bool is_text(JSValueConst v)
{
  int tag = JS_VALUE_GET_TAG(v);

  return (tag == JS_TAG_STRING && JS_VALUE_GET_STRING(v)->len > 0) ||
         tag == JS_TAG_STRING_ROPE;
}

/* The name of the constructor that the prototype says, else of the class. */
static void say_class(description *d, JSRuntime *rt, JSObject *p)
{
  JSObject *proto = p->shape->proto;
  JSValueConst c =
      proto ? own_data(proto, JS_ATOM_constructor) : (JSValueConst)JS_UNDEFINED;
  JSValueConst name = JS_UNDEFINED;

  if (p->class_id == JS_CLASS_PROXY) {
    say(d, "Proxy");
    return;
  }
  if (JS_IsObject(c)) name = own_data(JS_VALUE_GET_OBJ(c), JS_ATOM_name);
  if (is_text(name))
    say_text(d, name);
  else if (p->class_id == JS_CLASS_MODULE_NS)
    say(d, "Module");
  else
    say_atom(d, rt, rt->class_array[p->class_id].class_name);
}

static bool is_function(JSRuntime *rt, const JSObject *p)
{
  if (p->class_id == JS_CLASS_PROXY) return false;
  return p->class_id == JS_CLASS_BYTECODE_FUNCTION ||
         rt->class_array[p->class_id].call;
}

static void say_object(description *d, JSRuntime *rt, JSObject *p)
{
  JSValueConst v;

  if (is_function(rt, p)) {
    v = own_data(p, JS_ATOM_name);
    say(d, "function");
    if (is_text(v)) say(d, " ");
    if (is_text(v)) say_text(d, v);
    return;
  }
  say_class(d, rt, p);
  if (p->class_id == JS_CLASS_ARRAY) {
    v = own_data(p, JS_ATOM_length);
    if (JS_IsNumber(v))
      say_count(d, JS_VALUE_GET_TAG(v) == JS_TAG_INT ? JS_VALUE_GET_INT(v)
                                                     : JS_VALUE_GET_FLOAT64(v));
  } else if (is_typed_array(p->class_id)) {
    say_count(d, p->u.array.count);
  } else if ((p->class_id == JS_CLASS_MAP || p->class_id == JS_CLASS_SET) &&
             p->u.map_state) {
    say_count(d, p->u.map_state->record_count);
  } else if (p->class_id == JS_CLASS_ERROR) {
    v = own_data(p, JS_ATOM_message);
    if (is_text(v)) say(d, ": ");
    if (is_text(v)) say_text(d, v);
  }
}

static void say_bigint(description *d, JSValueConst v)
{
  char buf[32];

  say(d, "bigint");
  if (JS_VALUE_GET_TAG(v) != JS_TAG_SHORT_BIG_INT) return;
  snprintf(buf, sizeof buf, " %lldn", (long long)JS_VALUE_GET_SHORT_BIG_INT(v));
  say(d, buf);
}

size_t tenon_p_describe(JSRuntime *rt, JSValueConst v,
                        char dst[TENON_P_DESCRIPTION])
{
  description d = {dst, 0};

  switch (JS_VALUE_GET_NORM_TAG(v)) {
  case JS_TAG_UNDEFINED: say(&d, "undefined"); break;
  case JS_TAG_NULL: say(&d, "null"); break;
  case JS_TAG_BOOL:
    say(&d, JS_VALUE_GET_BOOL(v) ? "boolean true" : "boolean false");
    break;
  case JS_TAG_INT:
    say(&d, "number ");
    say_number(&d, JS_VALUE_GET_INT(v));
    break;
  case JS_TAG_FLOAT64:
    say(&d, "number ");
    say_number(&d, JS_VALUE_GET_FLOAT64(v));
    break;
  case JS_TAG_SHORT_BIG_INT:
  case JS_TAG_BIG_INT: say_bigint(&d, v); break;
  case JS_TAG_STRING:
  case JS_TAG_STRING_ROPE:
    say(&d, "string \"");
    say_text(&d, v);
    say(&d, "\"");
    break;
  case JS_TAG_SYMBOL:
    say(&d, "Symbol(");
    say_units(&d, JS_VALUE_GET_PTR(v), SHOWN_UNITS);
    say(&d, ")");
    break;
  case JS_TAG_OBJECT: say_object(&d, rt, JS_VALUE_GET_OBJ(v)); break;
  default: say(&d, "value"); break;
  }
  dst[d.used] = '\0';
  return d.used;
}
