/* SPDX-License-Identifier: MIT */
/* What kernels log, a message a line, on stderr. */
#include "log.h"

#include <inttypes.h>
#include <stdio.h>

static const char *const level_names[] = {
    [TMJIT_LOG_DEFAULT] = "default", [TMJIT_LOG_INFO] = "info",   [TMJIT_LOG_DEBUG] = "debug",
    [TMJIT_LOG_ERROR] = "error",     [TMJIT_LOG_FAULT] = "fault",
};

/* Control characters of a kernel must not reach the terminal; a newline at the end is one
 * anyway. */
static void print_visible(const char *text)
{
    for (; *text; text++) {
        unsigned char c = (unsigned char)*text;
        if (c == '\n' && !text[1])
            break;
        if (c < 0x20 || c == 0x7f)
            fprintf(stderr, "\\%02X", c);
        else
            fputc(c, stderr);
    }
}

void tj_log_print(const tmjit_log_entry *entry, void *unused)
{
    (void)unused;
    if (!entry->message) {
        fprintf(stderr, "log: %" PRIu64 " more messages dropped\n", entry->dropped_count);
        return;
    }
    fprintf(stderr, "log %s (%u, %u, %u)", level_names[entry->level],
            (unsigned)entry->thread[0], (unsigned)entry->thread[1], (unsigned)entry->thread[2]);
    if (entry->subsystem) {
        fputs(" [", stderr);
        print_visible(entry->subsystem);
        fputc(':', stderr);
        print_visible(entry->category ? entry->category : "");
        fputc(']', stderr);
    }
    fputs(": ", stderr);
    print_visible(entry->message);
    fputc('\n', stderr);
}
