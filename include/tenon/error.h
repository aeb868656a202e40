/**
 * @file
 * Error codes: 0 is success, an error is negative. Codes of libuv (which are
 * those of the system, negated) pass through; Tenon's own start at -5000.
 */
#ifndef TENON_ERROR_H
#define TENON_ERROR_H

#include <tenon/version.h>

/** Number, name, text. Numbers stay what they are. */
#define TENON_ERROR_MAP(X)                                                 \
  X(-5000, EEXCEPTION, "a JavaScript exception is pending")                \
  X(-5001, ENOMEM, "out of memory")                                        \
  X(-5002, EINVAL, "invalid argument")                                     \
  X(-5003, EVERSION, "the library is older than the program's headers")    \
  X(-5004, ETHREAD, "called from a thread that does not own the runtime")  \
  X(-5005, EBUSY, "the runtime is in use further up the stack")            \
  X(-5006, ECLOSING, "the runtime is being freed")                         \
  X(-5007, EALREADY, "already settled")                                    \
  X(-5008, EEXIST, "a module of this name is there already")               \
  X(-5009, EABI,                                                           \
    "the module's descriptors have a format that this "                    \
    "library does not know")                                               \
  X(-5010, ETERMINATED, "the program was terminated")                      \
  X(-5011, EEXIT, "the program asked to exit")                             \
  X(-5012, EUNSETTLED, "what is awaited can never settle")                 \
  X(-5013, EENGINE,                                                        \
    "the program's JavaScript engine is not the one in this library: it "  \
    "is to be compiled for that version and linked with tenon-quickjs in " \
    "its place")                                                           \
  X(-5014, EFULL,                                                          \
    "as many calls or values wait, or operations are open, as there may "  \
    "be")                                                                  \
  X(-5015, EFOREIGN, "it belongs to another runtime")                      \
  X(-5016, ETIMEDOUT, "it took longer than it may")                        \
  X(-5017, ECANCELED, "it was cancelled")                                  \
  X(-5018, EEND, "there is no more")                                       \
  X(-5019, ESOURCE, "native source could not be made a module")

/** So many posted calls of callbacks may wait in one runtime. */
#define TENON_CALLBACK_MOST_POSTED 65536

enum tenon_error {
#define TENON_P_ERROR(number, name, text) TENON_##name = number,
  TENON_ERROR_MAP(TENON_P_ERROR)
#undef TENON_P_ERROR
};

#ifdef __cplusplus
extern "C" {
#endif

/**
 * What a code means, in English; "unknown error" for a code that nobody has.
 * Static. [thread: any] [js: never runs] [since 0.1]
 */
TENON_API const char *tenon_strerror(int code);

/**
 * The name of a code without its prefix: "EEXCEPTION", "ENOENT"; "UNKNOWN" for
 * a code that nobody has. Static. [thread: any] [js: never runs] [since 0.1]
 */
TENON_API const char *tenon_error_name(int code);

#ifdef __cplusplus
}
#endif

#endif
