/*
 * What require() makes of specifiers that name packages, a line of JSON each:
 * a path or a code. Lines of stdin are FOLDER, a tab, and the specifier; or, for
 * a path, only that.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "engine/engine.h"
#include "module/package.h"

static void print_quoted(const char *s)
{
  putchar('"');
  for (; *s; s++) {
    if ((unsigned char)*s < 0x20)
      printf("\\u%04x", *s);
    else if (*s == '"' || *s == '\\')
      printf("\\%c", *s);
    else
      putchar(*s);
  }
  putchar('"');
}

static void print_error(JSContext *ctx)
{
  JSValue error = JS_GetException(ctx);
  JSValue code = JS_GetPropertyStr(ctx, error, "code");
  JSValue message = JS_GetPropertyStr(ctx, error, "message");
  const char *code_text = JS_ToCString(ctx, code);
  const char *message_text = JS_ToCString(ctx, message);

  printf("{\"code\":");
  print_quoted(code_text ? code_text : "?");
  printf(",\"message\":");
  print_quoted(message_text ? message_text : "?");
  puts("}");
  JS_FreeCString(ctx, code_text);
  JS_FreeCString(ctx, message_text);
  JS_FreeValue(ctx, code);
  JS_FreeValue(ctx, message);
  JS_FreeValue(ctx, error);
}

static int print_path(const char *path)
{
  char *real = realpath(path, NULL);

  printf("{\"url\":");
  print_quoted(real ? real : path);
  puts("}");
  free(real);
  return 0;
}

static int answer(JSContext *ctx, const char *folder, const char *specifier)
{
  tenon_p_package_request q = {.specifier = specifier,
                               .referrer = "a file",
                               .dir = folder,
                               .conditions = tenon_p_require_conditions,
                               .is_require = true};
  tenon_p_package_found f;
  char *file;

  if (specifier) {
    if (tenon_p_package_resolve(ctx, &q, &f)) return -1;
    print_path(f.name ? f.name : f.path);
    tenon_p_package_found_release(&f);
    return 0;
  }
  if (tenon_p_require_path(ctx, NULL, folder, &file)) return -1;
  if (file)
    print_path(file);
  else
    puts("{\"code\":\"MODULE_NOT_FOUND\"}");
  free(file);
  return 0;
}

int main(void)
{
  static char line[4096];
  tenon_p_engine *e;
  char *tab;

  if (tenon_p_engine_new(&(tenon_p_limits){0}, &e)) return 1;
  if (tenon_p_modules_attach(e) || tenon_p_engine_enter(e)) return 1;
  while (fgets(line, sizeof line, stdin)) {
    line[strcspn(line, "\n")] = '\0';
    tab = strchr(line, '\t');
    if (tab) *tab++ = '\0';
    if (answer(e->ctx, line, tab)) print_error(e->ctx);
  }
  tenon_p_engine_leave(e);
  tenon_p_engine_free(e);
  return 0;
}
