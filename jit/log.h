/* SPDX-License-Identifier: MIT */
/* Messages that kernels log. */
#ifndef TJ_LOG_H
#define TJ_LOG_H

#include "objects.h"

/* Gives the launch memory for its messages, when its kernel logs. */
tj_status tj_log_bind(const tj_kernel *kernel, const tmjit_launch *launch, tjrt_buffer *bound,
                      tj_diags *diags);
/* Tells the launch's callback what was logged, and frees the memory. */
void tj_log_end(const tj_kernel *kernel, const tmjit_launch *launch, tjrt_buffer *bound);

#endif
