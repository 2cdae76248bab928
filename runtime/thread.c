/* SPDX-License-Identifier: MIT */
/* The library's own threads. */
#include "runtime.h"

#include <signal.h>

enum { STACK_BYTES = 16 << 20 }; /* private arrays of a slice: 32 lanes of 64 KiB, and room */

/* The program's handlers belong on its own threads: here they would run with a kernel's
 * floating-point mode, or delay a launch. What a thread's own instruction raises is left. */
static void fill_mask(sigset_t *mask)
{
    static const int own[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGTRAP, SIGABRT, SIGSYS};

    sigfillset(mask);
    for (unsigned i = 0; i < sizeof own / sizeof *own; i++)
        sigdelset(mask, own[i]);
}

bool tjrt_thread_start(pthread_t *out, void *(*run)(void *argument), void *argument)
{
    pthread_attr_t attributes;
    sigset_t mask, saved;

    fill_mask(&mask);
    pthread_attr_init(&attributes);
    pthread_attr_setstacksize(&attributes, STACK_BYTES);
    pthread_sigmask(SIG_SETMASK, &mask, &saved); /* the new thread inherits it */
    bool is_started = !pthread_create(out, &attributes, run, argument);
    pthread_sigmask(SIG_SETMASK, &saved, NULL);
    pthread_attr_destroy(&attributes);
    return is_started;
}
