/* The document by hand, in C. */
#ifndef BENCH_NESTED_H
#define BENCH_NESTED_H

#include <quickjs.h>

JSCFunction bench_in_name, bench_in_atom, bench_out_name, bench_out_atom,
    bench_echo_name, bench_echo_atom;

/* Reads what out_document returns: 0, or -1 with an exception. */
int bench_document_init(JSContext *ctx, JSValueConst v);
void bench_document_release(JSContext *ctx);

#endif
