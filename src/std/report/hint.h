/* What the writer of a program may have meant. */
#ifndef TENON_STD_REPORT_HINT_H
#define TENON_STD_REPORT_HINT_H

/*
 * A sentence for the usual mistakes, NULL for others. `line` is the source line
 * of the error, NULL when it is not known, `url` where it is. Mistakes that whoever throws the
 * error knows best are explained in its message.
 */
const char *tenon_p_hint_of(const char *name, const char *message,
                            const char *line, const char *url);

#endif
