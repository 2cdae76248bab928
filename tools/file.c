/* SPDX-License-Identifier: MIT */
/* Reading and atomic writing of whole files. */
#include "file.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { FIRST_BYTES = 1 << 16 };

/* Also for pipes, whose length is not known before. */
static int read_all(FILE *from, const char *path, size_t capacity, void **bytes,
                    size_t *byte_len, tj_failure *why)
{
    char *buffer = NULL;
    size_t filled = 0;

    for (;;) {
        char *larger = realloc(buffer, capacity);
        if (!larger) {
            free(buffer);
            return tj_fail_tool(why, TJ_EXIT_INPUT, "'%s' is too large for memory", path);
        }
        buffer = larger;
        filled += fread(buffer + filled, 1, capacity - filled, from);
        if (filled < capacity)
            break;
        capacity *= 2;
    }
    if (ferror(from)) {
        free(buffer);
        return tj_fail_tool(why, TJ_EXIT_INPUT, "cannot read '%s': %s", path, strerror(errno));
    }
    *bytes = buffer;
    *byte_len = filled;
    return TJ_EXIT_GOOD;
}

int tj_file_read(const char *path, void **bytes, size_t *byte_len, tj_failure *why)
{
    struct stat facts;
    FILE *from = fopen(path, "rb");

    if (!from)
        return tj_fail_tool(why, TJ_EXIT_INPUT, "cannot read '%s': %s", path, strerror(errno));
    size_t capacity = FIRST_BYTES;
    if (fstat(fileno(from), &facts) == 0 && S_ISREG(facts.st_mode))
        capacity = (size_t)facts.st_size + 1; /* one more: the end is seen at once */
    int status = read_all(from, path, capacity, bytes, byte_len, why);
    fclose(from);
    return status;
}

static bool write_parts(const char *path, const void *head, size_t head_len, const void *body,
                        size_t body_len)
{
    FILE *to = fopen(path, "wb");

    if (!to)
        return false;
    bool is_good =
        fwrite(head, 1, head_len, to) == head_len && fwrite(body, 1, body_len, to) == body_len;
    return fclose(to) == 0 && is_good;
}

/* Devices and pipes (/dev/null, /dev/stdout) are written in place. */
static bool is_replaceable(const char *path)
{
    struct stat facts;

    return stat(path, &facts) != 0 || S_ISREG(facts.st_mode);
}

int tj_file_write(const char *path, const void *head, size_t head_len, const void *body,
                  size_t body_len, tj_failure *why)
{
    char *temporary = NULL;
    bool is_good = false;
    int error = 0;

    if (!is_replaceable(path)) {
        is_good = write_parts(path, head, head_len, body, body_len);
        error = errno;
    } else if (asprintf(&temporary, "%s.%ld.tmp", path, (long)getpid()) >= 0) {
        is_good = write_parts(temporary, head, head_len, body, body_len) &&
                  rename(temporary, path) == 0;
        error = errno;
        if (!is_good)
            unlink(temporary);
        free(temporary);
    }
    if (is_good)
        return TJ_EXIT_GOOD;
    return tj_fail_tool(why, TJ_EXIT_INPUT, "cannot write '%s': %s", path, strerror(error));
}
