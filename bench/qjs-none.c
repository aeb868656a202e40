/* The engine's own command embeds two programs that a benchmark does not use:
 * its prompt, and the one of compiled executables. */
#include <stdint.h>

const uint8_t qjsc_repl[1] = {0}, qjsc_standalone[1] = {0};
const uint32_t qjsc_repl_size = 0, qjsc_standalone_size = 0;
