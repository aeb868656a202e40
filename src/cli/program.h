/* Running what the options name, and telling how it ended. */
#ifndef TENON_CLI_PROGRAM_H
#define TENON_CLI_PROGRAM_H

#include "cli/options.h"

enum { EXIT_ERROR = 1, EXIT_USAGE = 2, EXIT_UNSETTLED = 13 };

/* The command's exit code. Does not return when a signal ended the program. */
int program_run(const options *o);

/* A line on standard error, "tenon: [NAME: ]TEXT" or as JSON. */
void program_say(const options *o, const char *kind, const char *name,
                 const char *text);

#endif
