#include "bind/stream.h"

#include <tenon/error.h>

typedef struct streams {
  const tenon_p_stream_ops *ops;
  tenon_p_list items; /* the last one that was asked for first */
  JSClassID class;
} streams;

static void streams_release(tenon_p_engine *e, void *state)
{
  streams *all = state;

  while (!tenon_p_list_is_empty(&all->items)) {
    tenon_p_item *item = tenon_p_container(all->items.next, tenon_p_item, link);
    tenon_p_list_remove(&item->link);
    tenon_p_names_release(e->rt, &item->names);
    tenon_p_heap_free(&e->heap, item);
  }
}

static void streams_free(tenon_p_engine *e, void *state)
{
  tenon_p_heap_free(&e->heap, state);
}

static const tenon_p_state_type streams_type = {
    .name = "streams", .release = streams_release, .free = streams_free};

int tenon_p_streams_attach(tenon_p_engine *e, const tenon_p_stream_ops *ops)
{
  streams *all = tenon_p_heap_alloc(&e->heap, sizeof *all);

  if (!all) return TENON_ENOMEM;
  all->ops = ops;
  tenon_p_list_init(&all->items);
  if (tenon_p_engine_attach(e, &streams_type, all) == 0) return 0;
  tenon_p_heap_free(&e->heap, all);
  return TENON_ENOMEM;
}

static streams *streams_of(JSContext *ctx)
{
  return tenon_p_engine_get(tenon_p_engine_of(ctx), &streams_type);
}

/* --- Items -------------------------------------------------------------------------- */

static tenon_p_item *new_item(JSContext *ctx, const tenon_type *type)
{
  tenon_p_heap *heap = &tenon_p_engine_of(ctx)->heap;
  tenon_p_item *item = tenon_p_heap_alloc(heap, sizeof *item);

  if (!item) {
    JS_ThrowOutOfMemory(ctx);
    return NULL;
  }
  item->type = type;
  item->function = (tenon_function){.size = sizeof item->function,
                                    .name = type->name,
                                    .result = type->fields[0]};
  if (tenon_p_names_init(ctx, &item->names, &item->function) == 0) return item;
  tenon_p_heap_free(heap, item);
  return NULL;
}

const tenon_p_item *tenon_p_item_of(JSContext *ctx, const tenon_type *type)
{
  streams *all = streams_of(ctx);
  tenon_p_item *item;
  tenon_p_list *at;

  for (at = all->items.next; at != &all->items; at = at->next) {
    item = tenon_p_container(at, tenon_p_item, link);
    if (item->type != type) continue;
    if (at == all->items.next) return item;
    tenon_p_list_remove(at);
    tenon_p_list_append(all->items.next, at);
    return item;
  }
  item = new_item(ctx, type);
  if (item) tenon_p_list_append(all->items.next, &item->link);
  return item;
}

/* --- Values ------------------------------------------------------------------------- */

JSValue tenon_p_write_stream(JSContext *ctx, const tenon_p_place *place,
                             tenon_stream *s)
{
  return streams_of(ctx)->ops->write(ctx, place, s);
}

int tenon_p_read_iterable(JSContext *ctx, tenon_p_call *c,
                          const tenon_p_place *place, const tenon_type *type,
                          JSValueConst v, tenon_iterable **dst)
{
  return streams_of(ctx)->ops->read(ctx, c, place, type, v, dst);
}

void tenon_p_drop_stream(tenon_stream *s)
{
  if (s) ((const tenon_p_stream_table *)s->calls)->drop(s);
}

JSClassID *tenon_p_stream_class(JSContext *ctx)
{
  return &streams_of(ctx)->class;
}

static void release(void *p)
{
  tenon_stream *s = p;

  s->calls->release(s);
}

int tenon_p_keep_stream(tenon_p_call *c, tenon_stream *s)
{
  if (!s) return 0;
  if (tenon_p_call_defer(c, release, s->calls->keep(s)) == 0) return 0;
  release(s);
  return -1;
}
