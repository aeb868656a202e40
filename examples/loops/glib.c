/* GLib's main loop: the runtime is a source, which GLib polls with all others. */
#include <glib.h>

#include "program.h"

/* A source of GLib; its memory is GLib's. */
typedef struct source {
  GSource base;
  tenon_runtime *rt;
  GMainLoop *loop;
  tenon_left left;
  int r;
} source;

/* Before GLib waits: need it not? */
static gboolean prepare(GSource *base, gint *timeout_ms)
{
  *timeout_ms = -1;
  return ((source *)base)->left == TENON_LEFT_READY;
}

/* `fn` and `data` are what g_source_set_callback was given: nothing. */
static gboolean dispatch(GSource *base, GSourceFunc fn, gpointer data)
{
  source *s = (source *)base;

  (void)fn;
  (void)data;
  s->r = tenon_runtime_step(s->rt, 2, &s->left);
  if (program_goes_on(s->rt, s->r) && s->left != TENON_LEFT_NOTHING)
    return G_SOURCE_CONTINUE;
  if (s->r == TENON_EEXCEPTION) s->r = 0;
  g_main_loop_quit(s->loop);
  return G_SOURCE_REMOVE;
}

/* Without a `check` GLib looks at the descriptor by itself. */
static GSourceFuncs functions = {prepare, NULL, dispatch, NULL, NULL, NULL};

static gboolean on_beat(gpointer beats)
{
  ++*(int *)beats;
  return G_SOURCE_CONTINUE;
}

int main(void)
{
  tenon_runtime *rt = program_begin(NULL);
  GMainLoop *loop = g_main_loop_new(NULL, FALSE);
  source *s = (source *)g_source_new(&functions, sizeof *s);
  int beats = 0, r = rt ? tenon_runtime_fd(rt) : TENON_EINVAL;

  if (!rt) return 1;
  if (r >= 0) {
    s->rt = rt;
    s->loop = loop;
    s->left = TENON_LEFT_READY;
    g_source_add_unix_fd(&s->base, r, G_IO_IN);
    g_source_attach(&s->base, NULL);
    g_timeout_add(BEAT_MS, on_beat, &beats);
    g_main_loop_run(loop);
    r = s->r;
  }
  g_source_unref(&s->base);
  g_main_loop_unref(loop);
  return program_end(rt, r, beats);
}
