/* What the files of this layer share about objects and functions. */
#ifndef TENON_NAPI_OBJECT_H
#define TENON_NAPI_OBJECT_H

#include "napi/env.h"

/* ToObject, as node's functions begin: napi_invalid_arg for NULL,
 * napi_object_expected, with an exception, for undefined and null. `*object`
 * is owned, and can be freed in any case. Entered. */
napi_status tenon_p_napi_object(napi_env env, napi_value value,
                                JSValue *object);

/* A property key of UTF-8; JS_ATOM_NULL with an exception. */
JSAtom tenon_p_napi_utf8_atom(JSContext *ctx, const char *s, size_t len);

/* A string or a symbol? */
bool tenon_p_napi_is_name(JSValueConst v);

/* A function for a callback; `name` is a string. Entered. */
JSValue tenon_p_napi_function(napi_env env, napi_callback cb, void *data,
                              JSValueConst name);

#endif
