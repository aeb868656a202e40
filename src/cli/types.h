/* `tenon types`: declarations of modules. */
#ifndef TENON_CLI_TYPES_H
#define TENON_CLI_TYPES_H

#include "cli/options.h"

/* The command's exit code. */
int types_run(const options *o);

#endif
