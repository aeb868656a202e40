/* The words of base/crash.h. */
#ifndef TENON_BASE_CRASH_TEXT_H
#define TENON_BASE_CRASH_TEXT_H

#include <signal.h>

#include "base/crash.h"

/* To standard error, in one piece where the texts are not long. For signal
 * handlers. */
void tenon_p_crash_write(const tenon_p_crash_scene *scene,
                         const siginfo_t *info, bool is_overflow, bool is_json);

#endif
