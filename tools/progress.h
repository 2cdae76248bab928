/* SPDX-License-Identifier: MIT */
/* A line on the terminal while a launch runs. */
#ifndef TJ_TOOL_PROGRESS_H
#define TJ_TOOL_PROGRESS_H

typedef struct tj_progress tj_progress;

/* Shows the seconds on stderr, from the first second on. NULL, and nothing is shown, when
 * stderr is no terminal. */
tj_progress *tj_progress_start(void);
/* Removes the line. NULL is allowed. */
void tj_progress_stop(tj_progress *progress);

#endif
