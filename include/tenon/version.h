/**
 * @file
 * The version of the headers and of the library.
 *
 * Semantic versioning: while the major number is 0, a program needs a library
 * of the minor number that it was compiled with, or a patch of it. [since 0.1]
 */
#ifndef TENON_VERSION_H
#define TENON_VERSION_H

#define TENON_VERSION_MAJOR 0
#define TENON_VERSION_MINOR 1
#define TENON_VERSION_PATCH 0

/** One number that grows with the version: 1.2.3 is 10203. */
#define TENON_VERSION                                        \
  (TENON_VERSION_MAJOR * 10000 + TENON_VERSION_MINOR * 100 + \
   TENON_VERSION_PATCH)

#if defined(TENON_STATIC) || !defined(__GNUC__)
#define TENON_API
#else
#define TENON_API __attribute__((visibility("default")))
#endif
#define TENON_MUST_CHECK __attribute__((warn_unused_result))

#ifdef __cplusplus
extern "C" {
#endif

/**
 * The version of the library that runs, as TENON_VERSION has it.
 * [thread: any] [js: never runs] [since 0.1]
 */
TENON_API int tenon_version(void);

/**
 * The same as text, "0.1.0". Static.
 * [thread: any] [js: never runs] [since 0.1]
 */
TENON_API const char *tenon_version_string(void);

/**
 * The version of the engine, "0.17.0". Static.
 * [thread: any] [js: never runs] [since 0.1]
 */
TENON_API const char *tenon_engine_version(void);

/**
 * The version of libuv that runs, "1.44.2". Static.
 * [thread: any] [js: never runs] [since 0.1]
 */
TENON_API const char *tenon_uv_version(void);

/**
 * How the library was built: compiler, kind of build, architecture. Static.
 * [thread: any] [js: never runs] [since 0.1]
 */
TENON_API const char *tenon_build(void);

#ifdef __cplusplus
}
#endif

#endif
