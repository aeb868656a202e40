/*
 * Every allocation fails, one run after the other, of a program that uses
 * modules of node's names.
 *
 * A run loads a dozen modules, and there are ten thousand points: of them so many
 * are tried as TENON_OOM_SAMPLE says, and 300 when it says nothing.
 */
#define TENON_MODULE said
#include <stdlib.h>
#include <string.h>
#include <tenon/export.h>

#include "harness.h"

static tenon_p_text said;

TENON_FUNCTION(none, say, (str, text))
{
  tenon_p_text_append(&said, text.data, text.len);
  tenon_p_text_puts(&said, ";");
}

static const char program[] =
    "import { say } from 'said';\n"
    "import process from 'node:process';\n"
    "import { setTimeout as sleep } from 'node:timers/promises';\n"
    "process.on('uncaughtException', (e) => {\n"
    "  if (e.message !== 'late') process.exit(1);\n"
    "  say(e.message);\n"
    "});\n"
    "process.on('exit', (code) => say(`exit ${code}`));\n"
    "say(await sleep(1, 'slept'));\n"
    "const bytes = new TextEncoder().encode('\\u20ac');\n"
    "const d = new TextDecoder('utf-8', { fatal: true });\n"
    "say(d.decode(bytes.subarray(0, 1), { stream: true })\n"
    "  + d.decode(bytes.subarray(1)));\n"
    "let code;\n"
    "try { process.chdir('/nowhere'); } catch (e) {\n"
    "  if (e.name === 'InternalError') throw e;\n"
    "  code = e.code;\n"
    "}\n"
    "say(code);\n"
    "const { createHmac } = await import('node:crypto');\n"
    "say(createHmac('sha1', 'k').update('x').digest('hex').slice(0, 4));\n"
    "const { statSync } = await import('node:fs');\n"
    "say(`${statSync('/').isDirectory()} ${new URL('a', 'b://c').href}`);\n"
    "setTimeout(() => { throw new Error('late'); }, 1);\n";

static const char expected[] =
    "slept;\xe2\x82\xac;ENOENT;cb00;true b://c/a;late;exit 0;";

static int live(void)
{
  tenon_p_text_clear(&said);
  return t_live("said", tenon_module_said, program);
}

static const t_oom oom = {.live = live, .said = &said, .expected = expected};

TEST(allocations_fail_once)
{
  setenv("TENON_OOM_SAMPLE", "300", 0);
  CHECK(t_fail_each(&oom, false) > 1000);
}

TEST(allocations_fail_from_some_point_on)
{
  setenv("TENON_OOM_SAMPLE", "300", 0);
  CHECK(t_fail_each(&oom, true) > 1000);
}
