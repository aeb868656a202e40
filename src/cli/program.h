/* Running what the options name, and telling how it ended. */
#ifndef TENON_CLI_PROGRAM_H
#define TENON_CLI_PROGRAM_H

#include <tenon/runtime.h>

#include "cli/options.h"

enum { EXIT_ERROR = 1, EXIT_USAGE = 2, EXIT_UNSETTLED = 13 };

/* The command's exit code. Does not return when a signal ended the program. */
int program_run(const options *o);

/* Set up what the options say of imports: 0, or the exit code when what is wrong
 * was told. */
int program_prepare(tenon_runtime *rt, const options *o);

/* What the library says of a result, on standard error; the exit code. */
int program_tell(tenon_runtime *rt, const options *o, int r);

/* A line on standard error, "tenon: [NAME: ]TEXT" or as JSON. */
void program_say(const options *o, const char *kind, const char *name,
                 const char *text);

#endif
