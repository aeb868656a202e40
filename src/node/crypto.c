/* Hashes (libmd), and random bytes of the system. */
#include <md5.h>
#include <sha1.h>
#include <sha2.h>
#include <stdlib.h>
#include <string.h>
#include <uv.h>

#include "engine/extension.h"
#include "node/node.h"

typedef union state {
  MD5_CTX md5;
  SHA1_CTX sha1;
  SHA2_CTX sha2;
} state;

typedef struct kind {
  const char *name;
  size_t digest_size, block_size;
  void (*init)(state *s);
  void (*update)(state *s, const uint8_t *data, size_t len);
  void (*final)(state *s, uint8_t *out);
} kind;

#define HASH(name, member, Name)                                       \
  static void name##_init(state *s)                                    \
  {                                                                    \
    Name##Init(&s->member);                                            \
  }                                                                    \
  static void name##_update(state *s, const uint8_t *data, size_t len) \
  {                                                                    \
    Name##Update(&s->member, data, len);                               \
  }                                                                    \
  static void name##_final(state *s, uint8_t *out)                     \
  {                                                                    \
    Name##Final(out, &s->member);                                      \
  }

HASH(md5, md5, MD5)
HASH(sha1, sha1, SHA1)
HASH(sha256, sha2, SHA256)
HASH(sha384, sha2, SHA384)
HASH(sha512, sha2, SHA512)

#define KIND(name, digest, block)                                  \
  {                                                                \
#name, digest, block, name##_init, name##_update, name##_final \
  }

static const kind kinds[] = {
    KIND(md5, MD5_DIGEST_LENGTH, MD5_BLOCK_LENGTH),
    KIND(sha1, SHA1_DIGEST_LENGTH, SHA1_BLOCK_LENGTH),
    KIND(sha256, SHA256_DIGEST_LENGTH, SHA256_BLOCK_LENGTH),
    KIND(sha384, SHA384_DIGEST_LENGTH, SHA384_BLOCK_LENGTH),
    KIND(sha512, SHA512_DIGEST_LENGTH, SHA512_BLOCK_LENGTH),
};

/* --- Hashes ----------------------------------------------------------------------- */

/* The state of a hash stands in bytes of the script's, which only node:crypto has
 * at hand; it is copied, for its alignment. */
static bool get_state(JSContext *ctx, JSValueConst v, state *s, uint8_t **bytes)
{
  size_t size;

  *bytes = JS_GetUint8Array(ctx, &size, v);
  if (!*bytes || size != sizeof *s) return false;
  memcpy(s, *bytes, sizeof *s);
  return true;
}

static const kind *kind_of(JSContext *ctx, JSValueConst v)
{
  int32_t i;

  if (JS_ToInt32(ctx, &i, v)) return NULL;
  if (i >= 0 && (size_t)i < tenon_p_countof(kinds)) return &kinds[i];
  JS_ThrowRangeError(ctx, "no such hash");
  return NULL;
}

/* begin(kind): the state of a new hash */
static JSValue hash_begin(JSContext *ctx, JSValueConst this_value, int argc,
                          JSValueConst *argv)
{
  const kind *k = argc < 1 ? NULL : kind_of(ctx, argv[0]);
  state s;

  (void)this_value;
  if (!k) return JS_EXCEPTION;
  memset(&s, 0, sizeof s);
  k->init(&s);
  return JS_NewUint8ArrayCopy(ctx, (const uint8_t *)&s, sizeof s);
}

/* update(kind, state, bytes) */
static JSValue hash_update(JSContext *ctx, JSValueConst this_value, int argc,
                           JSValueConst *argv)
{
  const kind *k = argc < 3 ? NULL : kind_of(ctx, argv[0]);
  const uint8_t *data;
  uint8_t *bytes;
  size_t len;
  state s;

  (void)this_value;
  if (!k) return JS_EXCEPTION;
  if (!get_state(ctx, argv[1], &s, &bytes))
    return JS_ThrowTypeError(ctx, "update: argument 2: expected a state");
  if (tenon_p_bytes_of(argv[2], &data, &len) != TENON_P_BYTES_OK)
    return JS_ThrowTypeError(ctx, "update: argument 3: expected bytes that are "
                                  "not shared");
  k->update(&s, data, len);
  memcpy(bytes, &s, sizeof s);
  return JS_UNDEFINED;
}

/* final(kind, state): the digest */
static JSValue hash_final(JSContext *ctx, JSValueConst this_value, int argc,
                          JSValueConst *argv)
{
  const kind *k = argc < 2 ? NULL : kind_of(ctx, argv[0]);
  uint8_t out[SHA512_DIGEST_LENGTH], *bytes;
  state s;

  (void)this_value;
  if (!k) return JS_EXCEPTION;
  if (!get_state(ctx, argv[1], &s, &bytes))
    return JS_ThrowTypeError(ctx, "final: argument 2: expected a state");
  k->final(&s, out);
  return JS_NewUint8ArrayCopy(ctx, out, k->digest_size);
}

/* blockSize(kind) */
static JSValue hash_block_size(JSContext *ctx, JSValueConst this_value,
                               int argc, JSValueConst *argv)
{
  const kind *k = argc < 1 ? NULL : kind_of(ctx, argv[0]);

  (void)this_value;
  return k ? JS_NewInt32(ctx, (int32_t)k->block_size) : JS_EXCEPTION;
}

/* --- Bytes -------------------------------------------------------------------------- */

/* random(bytes, offset, size): fills them */
static JSValue random_bytes(JSContext *ctx, JSValueConst this_value, int argc,
                            JSValueConst *argv)
{
  const uint8_t *data;
  size_t len;
  int64_t offset, size;
  int r;

  (void)this_value;
  if (argc < 3 || JS_ToInt64(ctx, &offset, argv[1]) ||
      JS_ToInt64(ctx, &size, argv[2]))
    return JS_EXCEPTION;
  if (tenon_p_bytes_of(argv[0], &data, &len) != TENON_P_BYTES_OK)
    return JS_ThrowTypeError(ctx, "random: argument 1: expected bytes that are "
                                  "not shared");
  if (offset < 0 || size < 0 || (uint64_t)offset > len ||
      (uint64_t)size > len - (uint64_t)offset)
    return JS_ThrowRangeError(ctx, "random: not within the bytes");
  r = size ? uv_random(NULL, NULL, (void *)(data + offset), (size_t)size, 0,
                       NULL)
           : 0;
  if (r) return tenon_p_node_throw_system(ctx, r, "getrandom", NULL, NULL);
  return JS_UNDEFINED;
}

/* isEqual(bytes, bytes) of one length, in a time that does not depend on them */
static JSValue is_equal(JSContext *ctx, JSValueConst this_value, int argc,
                        JSValueConst *argv)
{
  const uint8_t *a, *b;
  size_t a_len, b_len, i;
  volatile uint8_t differs = 0;

  (void)this_value;
  if (argc < 2 || tenon_p_bytes_of(argv[0], &a, &a_len) != TENON_P_BYTES_OK ||
      tenon_p_bytes_of(argv[1], &b, &b_len) != TENON_P_BYTES_OK ||
      a_len != b_len)
    return JS_ThrowTypeError(ctx, "isEqual: expected bytes of one length that "
                                  "are not shared");
  for (i = 0; i < a_len; i++)
    differs = (uint8_t)(differs | (a[i] ^ b[i]));
  return JS_NewBool(ctx, !differs);
}

static const JSCFunctionListEntry natives[] = {
    JS_CFUNC_DEF("begin", 1, hash_begin),
    JS_CFUNC_DEF("update", 3, hash_update),
    JS_CFUNC_DEF("final", 2, hash_final),
    JS_CFUNC_DEF("blockSize", 1, hash_block_size),
    JS_CFUNC_DEF("random", 3, random_bytes),
    JS_CFUNC_DEF("isEqual", 2, is_equal),
};

JSValue tenon_p_node_crypto_binding(JSContext *ctx)
{
  return tenon_p_std_native(ctx, natives, tenon_p_countof(natives));
}
