/*
 * Every allocation fails, one run after the other, of a program that starts
 * children, reads, writes and waits. Each run fails with an error or does
 * everything right; none hangs, or leaves a child or a descriptor behind.
 */
#define TENON_MODULE childoom
#include "harness.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/wait.h>
#include <tenon/export.h>
#include <unistd.h>

static tenon_p_text said;

TENON_FUNCTION(none, say, (str, line))
{
  tenon_p_text_append(&said, line.data, line.len);
  tenon_p_text_puts(&said, ";");
  if (said.failed) tenon_fail_memory();
}

static const char program[] =
    "import { close, exec, open, setReadHandler, spawn } from 'tenon:process';\n"
    "import { say } from 'childoom';\n"
    "const c = spawn('cat', [], { stdin: 'pipe', timeout: 60000,\n"
    "  env: { PATH: '/nosuch:/usr/bin:/bin' }, cwd: '/' });\n"
    "await c.stdin.write('x\\ny');\n"
    "await c.stdin.close();\n"
    "for await (const line of c.stdout.lines()) say(line);\n"
    "say(JSON.stringify(await c.status));\n"
    "const r = await exec('echo out; echo err >&2; exit 7', [],\n"
    "  { shell: true });\n"
    "say(JSON.stringify(r));\n"
    "const h = open('echo ä; kill -9 $$', 'r');\n"
    "setReadHandler(h, (s) => s && say(s.trim()), 'utf-8');\n"
    "say(await close(h));\n"
    "try { spawn('nosuch'); } catch (e) {\n"
    "  if (e.code !== 'ENOENT') throw e; say(e.code); }\n"
    "try { spawn('true', [], { stdout: 'none' }); } catch (e) {\n"
    "  if (!(e instanceof TypeError)) throw e; say('TypeError'); }\n"
    "spawn('sleep', ['100'], { detached: false }).unref();\n";

static const char expected[] =
    "x;y;{\"code\":0,\"signal\":null};{\"code\":7,\"signal\":null,"
    "\"stdout\":\"out\\n\",\"stderr\":\"err\\n\"};ä;SIGKILL;ENOENT;TypeError;";

static int live(void)
{
  tenon_p_text_clear(&said);
  return t_live("childoom", tenon_module_childoom, program);
}

static int open_descriptors(void)
{
  int i, n = 0;

  for (i = 0; i < 256; i++)
    n += fcntl(i, F_GETFD) >= 0;
  return n;
}

/* Nothing is left; one that was left to a thread may take a moment. */
static int descriptors;

static void check_clean(void)
{
  siginfo_t info;
  int i, r = 0;

  for (i = 0; i < 200 && r == 0; i++) {
    if (i) usleep(5000);
    r = waitid(P_ALL, 0, &info, WEXITED | WNOHANG | WNOWAIT);
  }
  CHECK(r < 0 && errno == ECHILD);
  CHECK_INT(descriptors, open_descriptors());
}

static const t_oom oom = {
    .live = live, .said = &said, .expected = expected, .after = check_clean};

static void fail_each(bool is_lasting)
{
  CHECK_INT(0, live());
  descriptors = open_descriptors();
  CHECK(t_fail_each(&oom, is_lasting) > 1000);
}

TEST(every_allocation_around_a_child_fails_once)
{
  fail_each(false);
}

TEST(every_allocation_around_a_child_fails_from_some_point_on)
{
  fail_each(true);
}
