/*
 * What a script says of a child, as the system wants it: texts and lists of C,
 * and descriptors that are open. Everything that can be refused before there
 * is a process is refused here.
 */
#ifndef TENON_STD_CHILD_PLAN_H
#define TENON_STD_CHILD_PLAN_H

#include "std/child/child.h"
#include "base/start.h"

typedef struct tenon_p_plan {
  JSContext *ctx;
  tenon_p_start start;
  struct tenon_p_note *notes; /* the texts */
  const char *file;
  int ours[3], theirs[3]; /* -1: none; closed with the plan */
  bool is_detached;
} tenon_p_plan;

/* Flags, as the JavaScript has them. */
enum { TENON_P_HAS_GROUP = 1, TENON_P_IS_DETACHED = 2 };

/* The arguments of `spawn`. */
enum {
  TENON_P_ARG_FILE,
  TENON_P_ARG_ARGS,
  TENON_P_ARG_ENV,
  TENON_P_ARG_CWD,
  TENON_P_ARG_ARGV0,
  TENON_P_ARG_FLAGS,
  TENON_P_ARG_UID,
  TENON_P_ARG_GID,
  TENON_P_ARG_STDIO, /* what it is and how it is opened, of each */
  TENON_P_ARG_COUNT = TENON_P_ARG_STDIO + 6
};

/* From so many arguments; released also when it fails. 0, or -1 with an
 * exception. */
int tenon_p_plan_init(tenon_p_plan *p, JSContext *ctx, JSValueConst *argv);
void tenon_p_plan_release(tenon_p_plan *p);

/* Throw that the program cannot be started, as node words it; or what else
 * failed. */
JSValue tenon_p_plan_throw(tenon_p_plan *p, int error);
JSValue tenon_p_plan_throw_system(tenon_p_plan *p, int error,
                                  const char *syscall, const char *path);

#endif
