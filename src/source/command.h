/* The command lines of a build. */
#ifndef TENON_SOURCE_COMMAND_H
#define TENON_SOURCE_COMMAND_H

#include "source/plan.h"

/* What pkg-config has said. */
typedef struct tenon_p_packages {
  tenon_p_texts cflags, libs;
} tenon_p_packages;

/* What rustc calls its files: CRATE.o, libCRATE.a, CRATE.d. There is one crate. */
#define TENON_P_CRATE "native_source"

/* One source in `folder`: an object, and a list of what it includes; of Rust also
 * a library. `include` is the folder of our headers. */
void tenon_p_command_compile(const tenon_p_build_plan *p,
                             const tenon_p_plan_source *source,
                             const tenon_p_packages *packages,
                             const char *include, const char *folder,
                             const char *object, const char *list,
                             tenon_p_texts *out);
/* Thunks. */
void tenon_p_command_generated(const tenon_p_build_plan *p, const char *include,
                               const char *source, const char *object,
                               tenon_p_texts *out);
/* What catches the exceptions of C++ for them. */
void tenon_p_command_guard(const tenon_p_build_plan *p, const char *source,
                           const char *object, tenon_p_texts *out);
extern const char tenon_p_command_guard_source[];
/* Several objects to one that can be read as one. */
void tenon_p_command_merge(const tenon_p_build_plan *p,
                           const tenon_p_texts *objects, const char *object,
                           tenon_p_texts *out);
void tenon_p_command_link(const tenon_p_build_plan *p,
                          const tenon_p_packages *packages,
                          const tenon_p_texts *objects,
                          const tenon_p_texts *libraries, const char *map,
                          const char *object, tenon_p_texts *out);
/* The linker's version script. */
extern const char tenon_p_command_map[];

/* Files in a list that a compiler has made: rules of make. Those that are
 * relative are so to `folder`. Variables that rustc has read are "$NAME". */
void tenon_p_command_read_list(const char *text, const char *folder,
                               tenon_p_texts *out);

#endif
