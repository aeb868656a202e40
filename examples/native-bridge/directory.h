/*
 * A directory of people that takes its time: one thread, which answers one
 * question after the other. It knows nothing of JavaScript.
 *
 * Whoever asks for Godot waits, until the question is cancelled.
 */
#ifndef DIRECTORY_H
#define DIRECTORY_H

#include <stdint.h>

typedef struct directory directory;

/* `result`: 0, ENOENT or ECANCELED; `value` of 0 only, borrowed. */
typedef void directory_answer(void *data, uint64_t id, int result,
                              const char *value);

/* How long each answer of all directories takes; 1000 unless this is called. */
void directory_set_delay_us(unsigned delay_us);

/* 0 or an error number. */
int directory_open(directory **out);

/*
 * Ask who is called `name`, which is copied. The answer comes once, whatever
 * happens, with the number of the question: on the directory's thread, or from
 * within directory_cancel and directory_close. It may ask and cancel, but not
 * close the directory.
 *
 * @return 0 or an error number: there will be no answer
 */
int directory_ask(directory *d, uint64_t id, const char *name,
                  directory_answer *answer, void *data);

/* End a question by ECANCELED, unless its answer is there already. One that is
 * not there is fine. [any thread] */
void directory_cancel(directory *d, uint64_t id);

/* Cancels what is open; NULL is fine. */
void directory_close(directory *d);

/* Of all directories, since the program began. */
typedef struct directory_counts {
  unsigned opened, closed; /* directories */
  unsigned asked, ended;   /* questions */
} directory_counts;

directory_counts directory_count(void);

#endif
