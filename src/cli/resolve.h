/* `tenon resolve`: what a specifier means, step by step. */
#ifndef TENON_CLI_RESOLVE_H
#define TENON_CLI_RESOLVE_H

#include "cli/options.h"

/* The command's exit code. */
int resolve_run(const options *o);

#endif
