/* The pipes to and from a child. */
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <string.h>
#include <sys/ioctl.h>
#include <tenon/error.h>
#include <time.h>
#include <unistd.h>

#include "base/utf8.h"
#include "engine/extension.h"
#include "std/child/child.h"

/* --- Reading ----------------------------------------------------------------- */

/*
 * A chunk is read when somebody waits for one: so a child that says more than
 * is taken waits for its pipe, and nothing piles up here. What nobody can take
 * any more, since the object is gone, is thrown away, so that the child comes
 * to its end: one that the collector has freed is not one that a script closed.
 */
#define MOST_READ 65536

/* As much as there is, with room for it made before: what was read could not
 * be put back. Undefined: nothing yet; null: the end. */
static JSValue read_chunk(JSContext *ctx, int fd)
{
  JSValue v, size;
  uint8_t *data;
  size_t room;
  int there = 0;
  ssize_t n;

  if (ioctl(fd, FIONREAD, &there) || there <= 0) there = 1;
  if (there > MOST_READ) there = MOST_READ;
  size = JS_NewInt32(ctx, there);
  v = JS_NewTypedArray(ctx, 1, (JSValueConst *)&size, JS_TYPED_ARRAY_UINT8);
  if (JS_IsException(v)) return v;
  data = JS_GetUint8Array(ctx, &room, v);
  do {
    n = read(fd, data, room);
  } while (n < 0 && errno == EINTR);
  if (n == (ssize_t)room) return v;
  /* Whoever else has the pipe was faster. */
  if (n > 0) {
    JSValue part = JS_NewUint8ArrayCopy(ctx, data, (size_t)n);
    JS_FreeValue(ctx, v);
    return part;
  }
  JS_FreeValue(ctx, v);
  if (n == 0) return JS_NULL;
  if (errno == EAGAIN) return JS_UNDEFINED;
  v = tenon_p_child_error(ctx, -errno, "read", NULL, NULL);
  return JS_IsException(v) ? v : JS_Throw(ctx, v);
}

static void end_reading(tenon_p_thing *t)
{
  while (!tenon_p_list_is_empty(&t->requests))
    tenon_p_request_settle(
        t, tenon_p_container(t->requests.next, tenon_p_request, link), JS_NULL,
        false);
  tenon_p_thing_close(t);
}

static void reader_run(tenon_p_loop *l, tenon_p_ready *ready)
{
  tenon_p_thing *t = tenon_p_container(ready, tenon_p_thing, ready);
  tenon_p_request *r;
  JSContext *ctx;
  JSValue v;
  bool is_error;

  (void)l;
  r = tenon_p_container(t->requests.next, tenon_p_request, link);
  ctx = JS_DupContext(r->ctx);
  t->refs++;
  v = read_chunk(ctx, t->fd);
  is_error = JS_IsException(v);
  if (is_error) v = JS_GetException(ctx);
  if (JS_IsNull(v))
    end_reading(t);
  else if (JS_IsUndefined(v))
    tenon_p_thing_watch(t, UV_READABLE);
  else
    tenon_p_request_settle(t, r, v, is_error);
  tenon_p_thing_unref(t);
  JS_FreeContext(ctx);
}

/* Reads and forgets; at most so much in one go. */
static void discard(tenon_p_thing *t)
{
  char bytes[4096];
  ssize_t n;
  int i;

  uv_unref((uv_handle_t *)&t->poll);
  tenon_p_thing_watch(t, UV_READABLE);
  for (i = 0; i < MOST_READ / (int)sizeof bytes; i++) {
    n = read(t->fd, bytes, sizeof bytes);
    if (n > 0 || (n < 0 && errno == EINTR)) continue;
    if (n == 0 || errno != EAGAIN) tenon_p_thing_close(t);
    return;
  }
}

const tenon_p_thing_kind tenon_p_reader_kind = {
    .operation = {.one = "pipe from a child process",
                  .many = "pipes from child processes",
                  .is_handle = true},
    .size = sizeof(tenon_p_thing),
    .run = reader_run,
    .forgotten = discard};

/* read(reader): a promise of a Uint8Array, or of null at the end */
static JSValue stream_read(JSContext *ctx, JSValueConst this_value, int argc,
                           JSValueConst *argv)
{
  tenon_p_thing *t = tenon_p_thing_of(ctx, argc > 0 ? argv[0] : JS_UNDEFINED,
                                      &tenon_p_reader_kind);
  tenon_p_request *r;
  JSValue promise;

  (void)this_value;
  if (!t) return JS_EXCEPTION;
  promise = tenon_p_request_new(ctx, t, 0, &r);
  if (JS_IsException(promise)) return promise;
  if (t->is_open)
    tenon_p_thing_watch(t, UV_READABLE);
  else
    tenon_p_request_settle(t, r, JS_NULL, false);
  return promise;
}

/* closeReader(reader): whoever waits for more is told that there is none */
static JSValue stream_close_reader(JSContext *ctx, JSValueConst this_value,
                                   int argc, JSValueConst *argv)
{
  tenon_p_thing *t = tenon_p_thing_of(ctx, argc > 0 ? argv[0] : JS_UNDEFINED,
                                      &tenon_p_reader_kind);

  (void)this_value;
  if (!t) return JS_EXCEPTION;
  if (t->is_open) end_reading(t);
  return JS_UNDEFINED;
}

/* --- Writing ----------------------------------------------------------------- */

typedef struct writer {
  tenon_p_thing thing; /* first */
  bool is_ending;      /* closed when all is written */
} writer;

/* write(2), but that nobody reads any more is an error and no signal, whatever
 * the host does about SIGPIPE: that is the process's, and stays as it is. */
static ssize_t write_quietly(int fd, const uint8_t *bytes, size_t size)
{
  static const struct timespec at_once = {0, 0};
  sigset_t pipe, before, pending;
  bool was_pending;
  ssize_t n;
  int error;

  sigemptyset(&pipe);
  sigaddset(&pipe, SIGPIPE);
  sigpending(&pending);
  was_pending = sigismember(&pending, SIGPIPE) == 1;
  pthread_sigmask(SIG_BLOCK, &pipe, &before);
  do {
    n = write(fd, bytes, size);
  } while (n < 0 && errno == EINTR);
  error = errno;
  if (n < 0 && error == EPIPE && !was_pending)
    while (sigtimedwait(&pipe, NULL, &at_once) < 0 && errno == EINTR)
      ;
  pthread_sigmask(SIG_SETMASK, &before, NULL);
  errno = error;
  return n;
}

/* As much of a request as there is room for: 1 all, 0 not yet, or a code. */
static int write_some(tenon_p_thing *t, tenon_p_request *r)
{
  ssize_t n;

  while (r->done < r->size) {
    n = write_quietly(t->fd, r->bytes + r->done, r->size - r->done);
    if (n < 0) return errno == EAGAIN ? 0 : -errno;
    r->done += (size_t)n;
  }
  return 1;
}

static tenon_p_request *first_request(tenon_p_thing *t)
{
  if (tenon_p_list_is_empty(&t->requests)) return NULL;
  return tenon_p_container(t->requests.next, tenon_p_request, link);
}

/* Nobody reads: all who wait are told so, and the pipe is closed. */
static void fail_writing(tenon_p_thing *t, int error)
{
  tenon_p_request_fail_all(t, error, "write");
  tenon_p_thing_close(t);
}

static void writer_run(tenon_p_loop *l, tenon_p_ready *ready)
{
  tenon_p_thing *t = tenon_p_container(ready, tenon_p_thing, ready);
  tenon_p_request *r;
  int done;

  (void)l;
  t->refs++;
  while (t->is_open && (r = first_request(t))) {
    done = write_some(t, r);
    if (done == 0) {
      tenon_p_thing_watch(t, UV_WRITABLE);
      break;
    }
    if (done < 0)
      fail_writing(t, done);
    else
      tenon_p_request_settle(t, r, JS_UNDEFINED, false);
  }
  if (t->is_open && !first_request(t)) {
    tenon_p_thing_watch(t, 0);
    if (((writer *)t)->is_ending || !t->has_object) tenon_p_thing_close(t);
  }
  tenon_p_thing_unref(t);
}

const tenon_p_thing_kind tenon_p_writer_kind = {
    .operation = {.one = "pipe to a child process",
                  .many = "pipes to child processes",
                  .is_handle = true},
    .size = sizeof(writer),
    .run = writer_run,
    .forgotten = tenon_p_thing_close};

/* Beyond so many in one iteration of the loop a write has to wait for its turn:
 * a child that reads all that comes must not keep the loop from others. */
#define MOST_AT_ONCE 64

/* A promise of `size` bytes that lie in the request. */
static JSValue start_writing(JSContext *ctx, tenon_p_thing *t,
                             tenon_p_request *r, JSValue promise)
{
  tenon_p_loop *l = tenon_p_loop_of(t->owner->engine);
  bool is_first = first_request(t) == r;
  int done = 0;
  JSValue error;

  if (!t->is_open || ((writer *)t)->is_ending) {
    error = tenon_p_child_error(ctx, -EPIPE, "write", NULL, NULL);
    if (JS_IsException(error)) error = JS_GetException(ctx);
    tenon_p_request_settle(t, r, error, true);
    return promise;
  }
  if (is_first && l->settled_at_once < MOST_AT_ONCE) {
    l->settled_at_once++;
    done = write_some(t, r);
  }
  if (done > 0)
    tenon_p_request_settle(t, r, JS_UNDEFINED, false);
  else if (done < 0)
    fail_writing(t, done);
  else
    tenon_p_thing_watch(t, UV_WRITABLE);
  return promise;
}

/* write(writer, bytes or string): a promise, when the pipe has all of it */
static JSValue stream_write(JSContext *ctx, JSValueConst this_value, int argc,
                            JSValueConst *argv)
{
  JSValueConst data = argc > 1 ? argv[1] : JS_UNDEFINED;
  tenon_p_thing *t = tenon_p_thing_of(ctx, argc > 0 ? argv[0] : JS_UNDEFINED,
                                      &tenon_p_writer_kind);
  const uint8_t *bytes = NULL;
  tenon_p_request *r;
  JSValue promise;
  size_t size;

  (void)this_value;
  if (!t) return JS_EXCEPTION;
  if (JS_IsString(data)) {
    if (tenon_p_string_utf8_size(ctx, data, &size)) return JS_EXCEPTION;
  } else if (tenon_p_bytes_of(data, &bytes, &size) != TENON_P_BYTES_OK) {
    return JS_ThrowTypeError(ctx, "write: argument 1 'data': expected string, "
                                  "ArrayBuffer or a view that is not shared");
  }
  /* And the NUL that comes with text. */
  promise = tenon_p_request_new(ctx, t, size + 1, &r);
  if (JS_IsException(promise)) return promise;
  r->size = size;
  if (bytes)
    memcpy(r->bytes, bytes, size);
  else if (size)
    tenon_p_string_utf8_write(data, (char *)r->bytes);
  return start_writing(ctx, t, r, promise);
}

/* end(writer): closed when all is written; a promise of that */
static JSValue stream_end(JSContext *ctx, JSValueConst this_value, int argc,
                          JSValueConst *argv)
{
  tenon_p_thing *t = tenon_p_thing_of(ctx, argc > 0 ? argv[0] : JS_UNDEFINED,
                                      &tenon_p_writer_kind);
  tenon_p_request *r;
  JSValue promise;

  (void)this_value;
  if (!t) return JS_EXCEPTION;
  promise = tenon_p_request_new(ctx, t, 0, &r);
  if (JS_IsException(promise)) return promise;
  ((writer *)t)->is_ending = true;
  if (first_request(t) == r) {
    tenon_p_request_settle(t, r, JS_UNDEFINED, false);
    tenon_p_thing_close(t);
  }
  return promise;
}

/* isBytes(value): can it be written? */
static JSValue stream_is_bytes(JSContext *ctx, JSValueConst this_value,
                               int argc, JSValueConst *argv)
{
  const uint8_t *bytes;
  size_t size;

  (void)this_value;
  return JS_NewBool(ctx, argc > 0 && tenon_p_bytes_of(argv[0], &bytes, &size) ==
                                         TENON_P_BYTES_OK);
}

/* --- Text ---------------------------------------------------------------------- */

/* decode(bytes): a string; what is ill-formed becomes U+FFFD */
static JSValue stream_decode(JSContext *ctx, JSValueConst this_value, int argc,
                             JSValueConst *argv)
{
  const uint8_t *bytes;
  size_t size;

  (void)this_value;
  if (argc < 1 || tenon_p_bytes_of(argv[0], &bytes, &size) != TENON_P_BYTES_OK)
    return JS_ThrowTypeError(ctx, "decode: argument 1 'bytes': expected bytes");
  return tenon_p_new_string(ctx, (const char *)bytes, size);
}

/* How many of the last bytes may be the beginning of a character. */
static size_t unfinished(const uint8_t *bytes, size_t size)
{
  size_t n = size < 3 ? size : 3, i;

  for (i = 1; i <= n; i++) {
    uint8_t b = bytes[size - i];
    size_t length = b >= 0xf0 ? 4 : b >= 0xe0 ? 3 : b >= 0xc0 ? 2 : 1;
    if ((b & 0xc0) == 0x80) continue;
    return length > i ? i : 0;
  }
  return 0;
}

/* whole(bytes): how many bytes are whole characters, or none at all */
static JSValue stream_whole(JSContext *ctx, JSValueConst this_value, int argc,
                            JSValueConst *argv)
{
  const uint8_t *bytes;
  size_t size;

  (void)this_value;
  if (argc < 1 || tenon_p_bytes_of(argv[0], &bytes, &size) != TENON_P_BYTES_OK)
    return JS_ThrowTypeError(ctx, "whole: argument 1 'bytes': expected bytes");
  return JS_NewInt64(ctx, (int64_t)(size - unfinished(bytes, size)));
}

const JSCFunctionListEntry tenon_p_stream_natives[] = {
    JS_CFUNC_DEF("read", 1, stream_read),
    JS_CFUNC_DEF("closeReader", 1, stream_close_reader),
    JS_CFUNC_DEF("write", 2, stream_write),
    JS_CFUNC_DEF("end", 1, stream_end),
    JS_CFUNC_DEF("isBytes", 1, stream_is_bytes),
    JS_CFUNC_DEF("decode", 1, stream_decode),
    JS_CFUNC_DEF("whole", 1, stream_whole),
};
const int tenon_p_stream_native_count =
    (int)tenon_p_countof(tenon_p_stream_natives);
