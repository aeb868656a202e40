#include "source/command.h"

#include <stdlib.h>
#include <string.h>

#include "base/path.h"
#include "base/text.h"

const char tenon_p_command_map[] =
    "{\n  global: tenon_module_*; tenon_refused_v1;\n  local: *;\n};\n";

static void add_driver(const tenon_p_compiler *c, tenon_p_texts *out)
{
  tenon_p_texts_add_all(out, &c->words);
}

static void add(tenon_p_texts *out, const char *a, const char *b)
{
  tenon_p_texts_add(out, a);
  tenon_p_texts_add(out, b);
}

/* --- Compiling ---------------------------------------------------------------------- */

static void compile_rust(const tenon_p_build_plan *p,
                         const tenon_p_plan_source *source, const char *folder,
                         tenon_p_texts *out)
{
  const char *std = p->recipe->std;

  add_driver(&p->compilers[TENON_P_RUST], out);
  add(out, "--crate-type", "staticlib");
  add(out, "--crate-name", TENON_P_CRATE);
  add(out, "--edition", std ? std : "2021");
  add(out, "-C", "opt-level=2");
  /* Functions of equal code stay functions of their own: one that is the other
   * name of another has its types lost. */
  add(out, "-C", "llvm-args=-mergefunc-use-aliases=false");
  tenon_p_texts_add_all(out, &p->cflags);
  /* One object, which the reader is given and the linker too. */
  add(out, "-C", "codegen-units=1");
  add(out, "-C", "relocation-model=pic");
  add(out, "-C", "debuginfo=2");
  add(out, "--emit", "obj,link,dep-info");
  add(out, "--out-dir", folder);
  add(out, "--print", "native-static-libs");
  add(out, "--color", "never");
  tenon_p_texts_add(out, source->path);
}

/*
 * Types and enums that no function uses are told, too: without
 * -fno-eliminate-unused-debug-types gcc leaves them out. What the user says comes
 * behind our wishes and in front of what must be.
 */
void tenon_p_command_compile(const tenon_p_build_plan *p,
                             const tenon_p_plan_source *source,
                             const tenon_p_packages *packages,
                             const char *include, const char *folder,
                             const char *object, const char *list,
                             tenon_p_texts *out)
{
  const char *std = p->recipe->std;
  bool is_cxx = source->language == TENON_P_CXX;

  if (source->language == TENON_P_RUST) {
    compile_rust(p, source, folder, out);
    return;
  }
  add_driver(&p->compilers[source->language], out);
  add(out, "-O2", "-fno-semantic-interposition");
  /* That of C is not said to C++, and the other way around. */
  if (std && is_cxx == (strstr(std, "++") != NULL))
    tenon_p_texts_printf(out, "-std=%s", std);
  tenon_p_texts_add_all(out, &packages->cflags);
  tenon_p_texts_add_all(out, &p->cflags);
  add(out, "-isystem", include);
  add(out, "-g", "-gno-split-dwarf");
  add(out, "-fno-eliminate-unused-debug-types", "-fno-lto");
  add(out, "-fPIC", "-fdiagnostics-color=never");
  add(out, "-MD", "-MF");
  add(out, list, "-MT");
  add(out, "object", "-o");
  add(out, object, "-c");
  tenon_p_texts_add(out, source->path);
}

/*
 * Thunks have no tables for unwinding: a panic of an older Rust that leaves native
 * code, or an exception of C++ in a library, finds no way on and ends the process
 * with its message, instead of passing the engine's frames. Where a source is of C++
 * each call goes through a guard, and passes one frame of the thunks on the way.
 */
void tenon_p_command_generated(const tenon_p_build_plan *p, const char *include,
                               const char *source, const char *object,
                               tenon_p_texts *out)
{
  add_driver(tenon_p_build_plan_linker(p), out);
  add(out, "-x", "c");
  add(out, "-std=gnu11", "-O1");
  tenon_p_texts_add_all(out, &p->target);
  add(out, "-isystem", include);
  /* A function called abs is the source's, whatever the compiler knows of it. */
  add(out, "-fno-builtin", "-w");
  tenon_p_texts_add(out, "-fPIC");
  if (p->has[TENON_P_CXX])
    tenon_p_texts_add(out, "-fexceptions");
  else
    add(out, "-fno-exceptions", "-fno-unwind-tables");
  if (!p->has[TENON_P_CXX])
    tenon_p_texts_add(out, "-fno-asynchronous-unwind-tables");
  tenon_p_texts_add(out, "-fdiagnostics-color=never");
  add(out, "-fno-lto", "-fmax-errors=0");
  add(out, "-o", object);
  add(out, "-c", source);
}

const char tenon_p_command_guard_source[] =
    "#include <cstddef>\n"
    "#include <exception>\n"
    "extern \"C\" int tenon_guard(void (*fn)(void *), void *p, char *text,\n"
    "                           std::size_t size) noexcept\n"
    "{\n"
    "  const char *what = \"it has thrown an exception of C++\";\n"
    "  std::size_t i = 0;\n"
    "  try {\n"
    "    fn(p);\n"
    "    return 0;\n"
    "  } catch (const std::exception &e) {\n"
    "    what = e.what();\n"
    "    for (; what[i] && i + 1 < size; i++) text[i] = what[i];\n"
    "  } catch (...) {\n"
    "    for (; what[i] && i + 1 < size; i++) text[i] = what[i];\n"
    "  }\n"
    "  text[i] = 0;\n"
    "  return -1;\n"
    "}\n";

void tenon_p_command_guard(const tenon_p_build_plan *p, const char *source,
                           const char *object, tenon_p_texts *out)
{
  add_driver(&p->compilers[TENON_P_CXX], out);
  add(out, "-std=c++11", "-O1");
  tenon_p_texts_add_all(out, &p->target);
  add(out, "-fPIC", "-fexceptions");
  add(out, "-fno-lto", "-fdiagnostics-color=never");
  add(out, "-o", object);
  add(out, "-c", source);
}

/* --- Linking ------------------------------------------------------------------------- */

void tenon_p_command_merge(const tenon_p_build_plan *p,
                           const tenon_p_texts *objects, const char *object,
                           tenon_p_texts *out)
{
  add_driver(tenon_p_build_plan_linker(p), out);
  tenon_p_texts_add_all(out, &p->target);
  add(out, "-r", "-nostdlib");
  add(out, "-o", object);
  tenon_p_texts_add_all(out, objects);
}

/* A symbol that nobody has is a warning: the host may have it (build.c). */
void tenon_p_command_link(const tenon_p_build_plan *p,
                          const tenon_p_packages *packages,
                          const tenon_p_texts *objects,
                          const tenon_p_texts *libraries, const char *map,
                          const char *object, tenon_p_texts *out)
{
  add_driver(tenon_p_build_plan_linker(p), out);
  tenon_p_texts_add_all(out, &p->target);
  add(out, "-shared", "-s");
  /* -Wl would split a path at its commas. */
  add(out, "-Xlinker", "--version-script");
  add(out, "-Xlinker", map);
  add(out, "-Wl,-z,defs", "-Wl,--warn-unresolved-symbols");
  if (p->has[TENON_P_RUST]) tenon_p_texts_add(out, "-Wl,--gc-sections");
  add(out, "-o", object);
  tenon_p_texts_add_all(out, objects);
  if (p->recipe->language == TENON_P_SHARED) {
    tenon_p_texts_add(out, p->path);
    add(out, "-Xlinker", "-rpath");
    add(out, "-Xlinker", p->folder);
  }
  tenon_p_texts_add_all(out, libraries);
  tenon_p_texts_add_all(out, &p->link);
  tenon_p_texts_add_all(out, &packages->libs);
}

/* --- Lists of dependencies -------------------------------------------------------------- */

/* One name; behind it. Spaces and some more have a backslash in front, '$' a second
 * one, and lines go on behind a backslash. */
static const char *read_name(const char *s, tenon_p_text *name)
{
  while (*s && !strchr(" \t\r\n", *s)) {
    if (*s == '\\' && (s[1] == '\n' || (s[1] == '\r' && s[2] == '\n'))) break;
    if ((*s == '\\' && s[1] && strchr(" #:\\", s[1])) ||
        (*s == '$' && s[1] == '$'))
      s++;
    tenon_p_text_append(name, s++, 1);
  }
  return s;
}

static void add_name(const char *name, const char *folder, tenon_p_texts *out)
{
  char *path = tenon_p_path_resolve(folder, name);

  if (path && tenon_p_texts_has(out, path)) {
    free(path);
    return;
  }
  tenon_p_texts_take(out, path);
}

/* rustc notes variables in comments: "# env-dep:NAME=VALUE". */
static const char *read_comment(const char *s, tenon_p_texts *out)
{
  static const char word[] = "# env-dep:";
  size_t n = strlen(word);

  if (strncmp(s, word, n) == 0)
    tenon_p_texts_printf(out, "$%.*s", (int)strcspn(s + n, "=\r\n"), s + n);
  return s + strcspn(s, "\n");
}

/* Behind the colon of a rule. */
static const char *skip_targets(const char *s)
{
  while (*s && *s != '\n') {
    if (*s == '\\' && s[1]) {
      s += 2;
      continue;
    }
    if (*s == ':' && strchr(" \t\r\n", s[1])) return s + 1;
    s++;
  }
  return s;
}

void tenon_p_command_read_list(const char *text, const char *folder,
                               tenon_p_texts *out)
{
  const char *s = text;

  while (*s && !out->failed) {
    if (*s == '#') s = read_comment(s, out);
    s = *s == '\n' ? s : skip_targets(s);
    while (*s && *s != '\n' && !out->failed) {
      tenon_p_text name = TENON_P_TEXT_INIT;
      s += strspn(s, " \t\r");
      if (*s == '\\' && (s[1] == '\n' || (s[1] == '\r' && s[2] == '\n'))) {
        s += s[1] == '\n' ? 2 : 3;
        continue;
      }
      s = read_name(s, &name);
      if (name.failed)
        out->failed = true;
      else if (name.len)
        add_name(name.data, folder, out);
      tenon_p_text_release(&name);
    }
    if (*s == '\n') s++;
  }
}
