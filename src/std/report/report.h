/*
 * What is told of a program that failed: to people, at a terminal or not, and
 * to tools.
 */
#ifndef TENON_STD_REPORT_REPORT_H
#define TENON_STD_REPORT_REPORT_H

#include <tenon/runtime.h>

#include "base/text.h"
#include "engine/engine.h"

/*
 * All append to `out`; that memory did not suffice is in out->failed. As JSON
 * they are one object in one line.
 */

/* A value as console.log shows it. Called entered; may run functions of the
 * program, leaves no exception pending. */
void tenon_p_report_value(tenon_p_engine *e, JSValueConst v, tenon_form form,
                          tenon_p_text *out);

/* An error that nobody caught: its place with the source line, the error as
 * console.error shows it, hints. Called entered; runs the value's own getters,
 * leaves no exception pending. */
void tenon_p_report_error(tenon_p_engine *e, JSValueConst error,
                          bool is_rejection, tenon_form form,
                          tenon_p_text *out);

/* The limit that was reached; how long and how much it was. */
void tenon_p_report_limit(const tenon_p_engine *e, tenon_form form,
                          tenon_p_text *out);

/* Where modules wait that can never go on: `places` is one URL:LINE:COLUMN in
 * each line, or NULL when none is known. */
void tenon_p_report_waiting(tenon_p_engine *e, const char *places,
                            tenon_form form, tenon_p_text *out);

/* Anything else, as JSON. */
void tenon_p_report_failure(const char *message, tenon_p_text *out);

#endif
