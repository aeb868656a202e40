/* What node:events knows of the events of the DOM. */
#include "node/node.h"

/* listeners(): the function of event.js that tells who listens. */
static JSValue events_listeners(JSContext *ctx, JSValueConst this_value,
                                int argc, JSValueConst *argv)
{
  (void)this_value;
  (void)argc;
  (void)argv;
  return tenon_p_event_get(ctx, "listenersOf");
}

static const JSCFunctionListEntry natives[] = {
    JS_CFUNC_DEF("listeners", 0, events_listeners),
};

JSValue tenon_p_node_events_binding(JSContext *ctx)
{
  return tenon_p_std_native(ctx, natives, tenon_p_countof(natives));
}
