/* `tenon cache`: what was built of native source. */
#ifndef TENON_CLI_CACHE_H
#define TENON_CLI_CACHE_H

#include "cli/options.h"

/* The command's exit code. */
int cache_run(const options *o);

#endif
