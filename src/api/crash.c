/* What a thread was doing when it crashed. All of it runs in a signal handler but
 * for the public function. */
#include "base/crash.h"

#include <tenon/crash.h>
#include <tenon/error.h>

#include "bind/function.h"
#include "engine/crash.h"
#include "engine/engine.h"
#include "engine/native.h"
#include "loop/loop.h"

static void put_function(tenon_p_crash_scene *s, const tenon_function *f)
{
  if (!f) return;
  s->function = f->name;
  s->line = f->line;
  s->file = f->file;
}

static void put_native(tenon_p_crash_scene *s, const tenon_p_native *n)
{
  const tenon_p_binding *b = n->owner;

  put_function(s, b->function);
  s->module = b->module->name;
}

static void put_frame(tenon_p_crash_scene *s, JSRuntime *rt, bool only_top)
{
  tenon_p_crash_frame frame;
  size_t i;

  if (!tenon_p_crash_native_frame(rt, only_top, &frame)) return;
  if (frame.native) {
    put_native(s, frame.native);
    return;
  }
  s->instead = "a function of Node-API that has no name";
  for (i = 0; i + 1 < sizeof s->name && frame.name[i]; i++)
    s->name[i] = frame.name[i];
  if (i) s->function = s->name;
}

/* A call that is made on a thread of a runtime. */
static void put_call(tenon_p_crash_scene *s, const tenon_p_call *c)
{
  static const char *const others[] = {
      [TENON_P_CALLING_FINALIZER] = "a finalizer of native code",
      [TENON_P_CALLING_MEASURE] =
          "the function of a class that says how much memory an instance has",
      [TENON_P_CALLING_REACTION] = "native code that awaits a Promise",
      [TENON_P_CALLING_READER] = "native code that reads an async iterator",
      [TENON_P_CALLING_HOST] = "a function of the host",
  };

  if (c->calling == TENON_P_CALLING_STEP)
    put_native(s, c->native);
  else if (c->calling != TENON_P_CALLING_FRAME)
    s->instead = others[c->calling];
  else if (c->ctx)
    put_frame(s, JS_GetRuntime(c->ctx), false);
  else
    s->instead = "native code that ends an instance or a callback";
}

static void call(tenon_p_crash_scene *s)
{
  const tenon_p_call *c = tenon_p_current_call;
  const tenon_function *f = tenon_p_pool_function(&s->is_on_pool, &s->module);

  if (s->is_on_pool && c && !c->ctx) {
    put_function(s, f);
    if (!f) s->instead = "a native method whose realm is gone";
    return;
  }
  s->module = NULL;
  if (c)
    put_call(s, c);
  else if (tenon_p_crash_finalizers)
    s->instead = "a finalizer of native code";
  else if (tenon_p_engine_entered)
    put_frame(s, tenon_p_engine_entered->rt, true);
}

static void script(tenon_p_crash_scene *s)
{
  const tenon_p_call *c = tenon_p_current_call;

  if (c && c->ctx)
    tenon_p_crash_script(JS_GetRuntime(c->ctx), s);
  else if (tenon_p_engine_entered && tenon_p_engine_entered->rt)
    tenon_p_crash_script(tenon_p_engine_entered->rt, s);
}

int tenon_report_crashes(bool on, tenon_form form)
{
  static const tenon_p_crash_witness witness = {call, script};

  if ((unsigned)form > TENON_FORM_JSON) return TENON_EINVAL;
  if (on) return tenon_p_crash_tell(&witness, form == TENON_FORM_JSON);
  tenon_p_crash_be_silent();
  return 0;
}
