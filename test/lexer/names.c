/*
 * names — what tenon_p_lex finds in sources, for the tests that compare it with
 * node's lexer. On stdin for each source its length, a line end, and its bytes;
 * on stdout for each a line of JSON.
 */
#include <stdio.h>
#include <stdlib.h>

#include "base/json.h"
#include "module/lexer.h"

static void append(tenon_p_text *t, const char *key,
                   const tenon_p_nameset *names)
{
  bool is_first = true;
  size_t i;

  tenon_p_json_key(t, key);
  tenon_p_text_puts(t, "[");
  for (i = 0; i < names->count; i++) {
    const tenon_p_nameset_entry *n = &names->all[i];
    if (n->flags) continue;
    if (!is_first) tenon_p_text_puts(t, ",");
    is_first = false;
    tenon_p_json_string(t, tenon_p_nameset_text(names, n), n->len);
  }
  tenon_p_text_puts(t, "]");
}

int main(void)
{
  tenon_p_text t = TENON_P_TEXT_INIT;
  tenon_p_lexed l;
  size_t len;
  char *src;

  while (scanf("%zu", &len) == 1 && getchar() == '\n') {
    src = malloc(len ? len : 1);
    if (!src || fread(src, 1, len, stdin) != len || tenon_p_lex(src, len, &l))
      return 1;
    free(src);
    tenon_p_text_clear(&t);
    tenon_p_text_puts(&t, "{");
    append(&t, "exports", &l.exports);
    append(&t, "reexports", &l.reexports);
    tenon_p_text_puts(&t, "}");
    tenon_p_lexed_release(&l);
    if (t.failed || puts(t.data) < 0) return 1;
  }
  tenon_p_text_release(&t);
  return 0;
}
