/*
 * What is open in a runtime: whatever begins, and ends some time later, is an
 * operation, as a part of its owner. Here they are counted, and refused when
 * there are as many as there may be. Loop's thread.
 */
#ifndef TENON_LOOP_OPERATION_H
#define TENON_LOOP_OPERATION_H

#include <quickjs.h>
#include <tenon/runtime.h>

#include "base/base.h"
#include "base/text.h"

typedef struct tenon_p_loop tenon_p_loop;

/* Static. */
typedef struct tenon_p_operation_kind {
  const char *one, *many; /* "timer", "timers" */
  bool is_handle;         /* counts as one of libuv's, too */
} tenon_p_operation_kind;

/* What a script was at when it began one. */
typedef struct tenon_p_begun {
  JSAtom url; /* owned */
  int line, column;
} tenon_p_begun;

typedef struct tenon_p_operation {
  tenon_p_list link; /* in tenon_p_operations.all, oldest first */
  const tenon_p_operation_kind *kind;
  const char *name; /* of its function, lives as long as it is open; or NULL */
  tenon_p_begun *begun;          /* owned; NULL: that is not known */
  struct tenon_p_operations *in; /* NULL: it is not open */
} tenon_p_operation;

typedef struct tenon_p_operations {
  tenon_p_list all; /* of tenon_p_operation.link */
  size_t count, handle_count;
  size_t most, most_handles; /* 0: any number */
  bool traces;               /* each is to know where it was begun */
} tenon_p_operations;

void tenon_p_operations_init(tenon_p_operations *o);

/* May `who` begin one more? 0, or -1 with an exception. To be asked before
 * anything was done for it. */
int tenon_p_operation_admit(JSContext *ctx, const tenon_p_operation_kind *kind,
                            const char *who);

/* Throw what refuses one more where there are as many as there may be: -1. It has
 * a code, by which programs tell it from other RangeErrors. `what`: "calls are
 * queued". */
int tenon_p_refuse_full(JSContext *ctx, const char *who, const char *what,
                        size_t most);

void tenon_p_operation_init(tenon_p_operation *op);
void tenon_p_operation_begin(tenon_p_loop *l, tenon_p_operation *op,
                             const tenon_p_operation_kind *kind);
/* One that has ended, or never begun, is fine. */
void tenon_p_operation_end(tenon_p_operation *op);

/* Append how many are open, by kind, and what is known of them: as lines, or as
 * the value of a member of JSON. A lack of memory is in out->failed. */
void tenon_p_operations_tell(tenon_p_loop *l, tenon_form form,
                             tenon_p_text *out);
/* Only the first line: `2 timers, 1 pool call`. */
void tenon_p_operations_summarize(tenon_p_loop *l, tenon_p_text *out);

#endif
