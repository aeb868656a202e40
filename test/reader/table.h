/* The table of the reader: checked, and shown in a form that does not tell gcc
 * from clang. */
#ifndef TEST_READER_TABLE_H
#define TEST_READER_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

typedef struct table table;

/* Takes a copy. NULL, and the reason in `problem`, when it is not well formed:
 * each line, each number of a type, the end. */
table *table_parse(const char *text, size_t len, char *problem, size_t size);
void table_free(table *t);

/*
 *     function f(i32 a, *const struct p b) -> f64 :12 w
 *     struct p 16 { f64 x @0, f64 y @8 }
 *
 * Files without their folders; lines with `is_placed`.
 */
void table_show(const table *t, FILE *out, bool is_placed);

#endif
