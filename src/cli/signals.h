/* Signals and the time that a program may take. */
#ifndef TENON_CLI_SIGNALS_H
#define TENON_CLI_SIGNALS_H

#include <stdbool.h>
#include <stdint.h>
#include <tenon/runtime.h>

/* SIGINT ends the program of `rt` in good order, a second one the process. */
void signals_watch(tenon_runtime *rt);

/* `rt` is about to be freed. */
void signals_forget(void);

bool signals_was_interrupted(void);

/* As if the signal had not been caught: the shell sees what ended us. Returns
 * only where that is impossible. */
void signals_die(void);

/* The last means of a time limit, for a builtin or a native function that does
 * not come back: end the process, with `text` on standard error, which must
 * stay, some time after the limit. */
void signals_watch_time(uint64_t limit_ms, const char *text, int exit_code);

#endif
