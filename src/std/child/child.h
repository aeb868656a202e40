/*
 * Between the files of this builtin: what a program has of a child process.
 * Each is a descriptor that the loop watches, an object of JavaScript, and the
 * promises that wait for it.
 *
 * Invariants
 * - A thing lives as long as its object is there or libuv has its handle.
 * - While it is open it is in the list of its owner, an operation of the loop,
 *   and has its descriptor. Closing is at once, and for good.
 * - A callback of libuv only makes it ready; reading and writing is done in
 *   its turn, so that what came has a promise to go to.
 */
#ifndef TENON_STD_CHILD_CHILD_H
#define TENON_STD_CHILD_CHILD_H

#include "loop/loop.h"

typedef struct tenon_p_thing tenon_p_thing;

/* Of a runtime. */
typedef struct tenon_p_children {
  tenon_p_engine *engine;
  tenon_p_list open; /* of tenon_p_thing.link, oldest first */
  JSClassID number;  /* of the class of objects */
  bool is_registered;
} tenon_p_children;

typedef struct tenon_p_thing_kind {
  tenon_p_operation_kind operation;
  size_t size;
  /* In its turn, as long as it is open and somebody waits for it. Entered. */
  void (*run)(tenon_p_loop *l, tenon_p_ready *r);
  /* Before it is closed: let go of what only this kind has. May be NULL. */
  void (*close)(tenon_p_thing *t);
  /* The object is gone, maybe in the midst of a collection, and nobody waits:
   * it is open, and asked again whenever there is something. May be NULL. */
  void (*forgotten)(tenon_p_thing *t);
} tenon_p_thing_kind;

struct tenon_p_thing {
  uv_poll_t poll; /* first: libuv gives this back */
  tenon_p_ready ready;
  tenon_p_operation operation;
  tenon_p_list link;
  tenon_p_list requests; /* of tenon_p_request.link, oldest first */
  tenon_p_children *owner;
  const tenon_p_thing_kind *kind;
  /* Its realm, which closes it before it ends; for comparison. */
  const tenon_p_realm *realm;
  int refs; /* its object, each handle of libuv */
  int fd;
  int events; /* watched for; 0: it is not */
  bool is_open;
  bool has_object;
};

/* A promise that waits for a thing. */
typedef struct tenon_p_request {
  tenon_p_list link;
  JSContext *ctx; /* counted */
  JSValue settle[2];
  size_t size, done;
  uint8_t bytes[]; /* to be written */
} tenon_p_request;

/* --- child.c ----------------------------------------------------------------- */

tenon_p_children *tenon_p_children_of(JSContext *ctx);

/* --- thing.c ----------------------------------------------------------------- */

/* Registers the class of objects, once a runtime. 0, or -1 with an exception. */
int tenon_p_things_init(JSContext *ctx, tenon_p_children *c);
/* What an object is; NULL, and a TypeError is thrown, when it is of no such
 * kind. */
tenon_p_thing *tenon_p_thing_of(JSContext *ctx, JSValueConst v,
                                const tenon_p_thing_kind *kind);
/* One that is not open yet, as its object; an exception. */
JSValue tenon_p_thing_new(JSContext *ctx, const tenon_p_thing_kind *kind,
                          tenon_p_thing **out);
/* Take a descriptor, also when it fails, which closes it: 0 or a code. */
int tenon_p_thing_open(tenon_p_thing *t, int fd);
/* Closed already is fine. Promises that wait are let go of, unsettled. */
void tenon_p_thing_close(tenon_p_thing *t);
void tenon_p_thing_unref(tenon_p_thing *t);
/* Watch for UV_READABLE or UV_WRITABLE, or for nothing. */
void tenon_p_thing_watch(tenon_p_thing *t, int events);

/* A promise and its request at the end of the list, with room for bytes; an
 * exception. */
JSValue tenon_p_request_new(JSContext *ctx, tenon_p_thing *t, size_t size,
                            tenon_p_request **out);
/* Take it off, settle its promise by `v`, which is consumed, and free it. May
 * run scripts. */
void tenon_p_request_settle(tenon_p_thing *t, tenon_p_request *r, JSValue v,
                            bool is_rejected);
/* The same for all of them by a system error. */
void tenon_p_request_fail_all(tenon_p_thing *t, int error, const char *syscall);
/* Let go of it. */
void tenon_p_request_free(tenon_p_thing *t, tenon_p_request *r);

/* An Error with code, errno, syscall and path, which may be NULL; the message
 * is made of these when `format` is NULL. JS_EXCEPTION when out of memory. */
JSValue tenon_p_child_error(JSContext *ctx, int error, const char *syscall,
                            const char *path, const char *format, ...)
    __attribute__((format(printf, 5, 6)));

/* --- stream.c ----------------------------------------------------------------- */

extern const tenon_p_thing_kind tenon_p_reader_kind, tenon_p_writer_kind;
extern const JSCFunctionListEntry tenon_p_stream_natives[];
extern const int tenon_p_stream_native_count;

#endif
