/*
 * Paths of POSIX and the file: URLs that name modules (URL Standard, file
 * state). All results are new text, freed by free(3); NULL is out of memory.
 */
#ifndef TENON_BASE_PATH_H
#define TENON_BASE_PATH_H

#include "base/base.h"

/* `path`, made absolute by `base` (an absolute directory, or NULL for the
 * working directory), without '.', '..' and doubled slashes. */
char *tenon_p_path_resolve(const char *base, const char *path);

/* The directory of an absolute path: "/a/b" gives "/a", "/a" gives "/". */
char *tenon_p_path_dirname(const char *path);

/* The last part behind '/', inside of `path`. */
const char *tenon_p_path_basename(const char *path);

/* Does the last part of `path` end with `extension` (".js"), with something
 * in front of it? */
bool tenon_p_path_has_extension(const char *path, const char *extension);

/* "file:///a%20b" of "/a b". */
char *tenon_p_path_to_url(const char *path);

/* What the `len` bytes at `s` are without percent-encoding. Results are those
 * of tenon_p_path_from_url. */
const char *tenon_p_path_decode(const char *s, size_t len, char **out);

/* The path that a file: URL names, without query and fragment. `*out` is NULL
 * and the result a reason (static) when it names none; out of memory is NULL
 * twice. */
const char *tenon_p_path_from_url(const char *url, char **out);

/* What a relative reference ("./b.js?q", "../b", "/b") means beside a URL that
 * begins with a scheme (RFC 3986, 5.2). */
char *tenon_p_path_join_url(const char *url, const char *reference);

/* Does it begin as a URL does: a scheme of two or more letters and a colon? */
bool tenon_p_path_is_url(const char *specifier);

#endif
