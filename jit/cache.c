/* SPDX-License-Identifier: MIT */
/* One entry at a time: where it is, how it is read, checked and written. */
#include "cache_internal.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

/* Head of an entry's file, little-endian:
 *   0  8  magic
 *   8  4  version of this layout
 *  12  4  kind
 *  16 32  key
 *  48  8  bytes of payload, which follows the head and ends the file
 *  56 32  digest of the 56 bytes above and the payload */
enum { AT_VERSION = 8, AT_KIND = 12, AT_KEY = 16, AT_LEN = 48, AT_CHECKSUM = 56 };

static const uint8_t magic[8] = {'t', 'm', 'j', 'i', 't', 0x00, 0x0d, 0x0a};
static const char *const suffixes[TJ_ENTRY_KINDS] = {"library", "code", "source"};

/* ---- reports ------------------------------------------------------------------------- */

void tj_cache_count(tj_cache *cache, uint64_t *counter)
{
    pthread_mutex_lock(&cache->lock);
    ++*counter;
    pthread_mutex_unlock(&cache->lock);
}

void tj_cache_report(tj_cache *cache, uint64_t *counter, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    pthread_mutex_lock(&cache->lock);
    ++*counter;
    vsnprintf(cache->counts.problem, sizeof cache->counts.problem, format, args);
    pthread_mutex_unlock(&cache->lock);
    va_end(args);
}

tj_cache_counts tj_cache_get_counts(tj_cache *cache)
{
    pthread_mutex_lock(&cache->lock);
    tj_cache_counts counts = cache->counts;
    pthread_mutex_unlock(&cache->lock);
    return counts;
}

uint64_t tj_cache_limit(const tj_cache *cache)
{
    return cache->byte_limit;
}

/* ---- names --------------------------------------------------------------------------- */

void tj_cache_name(tj_entry_kind kind, const tj_digest *key, char out[TJ_CACHE_NAME])
{
    for (unsigned i = 0; i < TJ_DIGEST_BYTES; i++)
        snprintf(out + 2 * i, TJ_CACHE_NAME - 2 * i, "%02x", key->bytes[i]);
    snprintf(out + 2 * TJ_DIGEST_BYTES, TJ_CACHE_NAME - 2 * TJ_DIGEST_BYTES, ".%s",
             suffixes[kind]);
}

bool tj_cache_parse_name(const char *name, tj_entry_kind *kind, tj_digest *key)
{
    static const char digits[] = "0123456789abcdef";

    for (unsigned i = 0; i < 2 * TJ_DIGEST_BYTES; i++) {
        const char *digit = name[i] ? strchr(digits, name[i]) : NULL;
        if (!digit)
            return false;
        uint8_t *byte = &key->bytes[i / 2];
        *byte = (uint8_t)((i % 2 ? *byte << 4 : 0) | (digit - digits));
    }
    if (name[2 * TJ_DIGEST_BYTES] != '.')
        return false;
    for (unsigned k = 0; k < TJ_ENTRY_KINDS; k++)
        if (!strcmp(name + 2 * TJ_DIGEST_BYTES + 1, suffixes[k])) {
            *kind = (tj_entry_kind)k;
            return true;
        }
    return false;
}

/* ---- the head ------------------------------------------------------------------------ */

static void put_number(uint8_t *to, uint64_t number, unsigned byte_len)
{
    for (unsigned i = 0; i < byte_len; i++)
        to[i] = (uint8_t)(number >> (8 * i));
}

static uint64_t get_number(const uint8_t *from, unsigned byte_len)
{
    uint64_t number = 0;

    for (unsigned i = 0; i < byte_len; i++)
        number |= (uint64_t)from[i] << (8 * i);
    return number;
}

static tj_digest checksum(const uint8_t *head, const uint8_t *payload, size_t byte_len)
{
    tj_hasher hasher;

    tj_hash_start(&hasher);
    tj_hash_bytes(&hasher, head, AT_CHECKSUM);
    tj_hash_bytes(&hasher, payload, byte_len);
    return tj_hash_end(&hasher);
}

static void make_head(uint8_t head[TJ_CACHE_HEAD], tj_entry_kind kind, const tj_digest *key,
                      const uint8_t *payload, size_t byte_len)
{
    memcpy(head, magic, sizeof magic);
    put_number(head + AT_VERSION, TJ_CACHE_VERSION, 4);
    put_number(head + AT_KIND, kind, 4);
    memcpy(head + AT_KEY, key->bytes, TJ_DIGEST_BYTES);
    put_number(head + AT_LEN, byte_len, 8);
    tj_digest sum = checksum(head, payload, byte_len);
    memcpy(head + AT_CHECKSUM, sum.bytes, sizeof sum.bytes);
}

const char *tj_cache_check(const uint8_t *file, size_t byte_len, tj_entry_kind kind,
                           const tj_digest *key)
{
    if (byte_len < TJ_CACHE_HEAD)
        return "it is shorter than its head";
    if (memcmp(file, magic, sizeof magic))
        return "it does not start as an entry";
    if (get_number(file + AT_VERSION, 4) != TJ_CACHE_VERSION)
        return "its layout has another version";
    if (get_number(file + AT_LEN, 8) != byte_len - TJ_CACHE_HEAD)
        return "its length is not what its head says";
    tj_digest sum = checksum(file, file + TJ_CACHE_HEAD, byte_len - TJ_CACHE_HEAD);
    if (memcmp(file + AT_CHECKSUM, sum.bytes, sizeof sum.bytes))
        return "its checksum is wrong";
    if (get_number(file + AT_KIND, 4) != kind ||
        memcmp(file + AT_KEY, key->bytes, TJ_DIGEST_BYTES))
        return "it belongs under another name";
    return NULL;
}

/* ---- reading ------------------------------------------------------------------------- */

static uint8_t *read_exactly(int fd, size_t byte_len)
{
    uint8_t *bytes = malloc(byte_len + 1);
    size_t used = 0;

    while (bytes && used < byte_len) {
        ssize_t count = read(fd, bytes + used, byte_len - used);
        if (count < 0 && errno == EINTR)
            continue;
        if (count <= 0) {
            errno = count ? errno : EIO;
            free(bytes);
            return NULL;
        }
        used += (size_t)count;
    }
    return bytes;
}

/* NULL with errno 0: the file is no entry of ours. */
static uint8_t *read_file(int fd, size_t *byte_len)
{
    struct stat info;

    if (fstat(fd, &info))
        return NULL;
    errno = 0;
    if (!S_ISREG(info.st_mode) || info.st_uid != geteuid() ||
        info.st_mode & (S_IWGRP | S_IWOTH))
        return NULL;
    *byte_len = (size_t)info.st_size;
    return read_exactly(fd, *byte_len);
}

uint8_t *tj_cache_read(tj_cache *cache, const char *name, bool is_used, size_t *byte_len)
{
    int fd = openat(cache->dir, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);

    if (fd < 0)
        return NULL;
    uint8_t *file = read_file(fd, byte_len);
    int error = errno;
    /* The time of the last use is what decides who goes first. A folder that may only be read
     * keeps its times, and nobody removes anything there either. */
    if (file && is_used)
        (void)futimens(fd, NULL);
    close(fd);
    errno = error;
    return file;
}

static uint8_t *take_payload(uint8_t *file, size_t *byte_len)
{
    *byte_len -= TJ_CACHE_HEAD;
    memmove(file, file + TJ_CACHE_HEAD, *byte_len);
    return file;
}

uint8_t *tj_cache_get(tj_cache *cache, tj_entry_kind kind, const tj_digest *key,
                      size_t *byte_len)
{
    char name[TJ_CACHE_NAME];

    tj_cache_name(kind, key, name);
    uint8_t *file = tj_cache_read(cache, name, true, byte_len);
    if (!file) {
        if (errno == ENOENT)
            tj_cache_count(cache, &cache->counts.misses);
        else
            tj_cache_report(cache, &cache->counts.failed, "%s cannot be read: %s", name,
                            errno ? strerror(errno) : "others may write to it");
        return NULL;
    }
    const char *why = tj_cache_check(file, *byte_len, kind, key);
    if (why) {
        free(file);
        tj_cache_reject(cache, kind, key, why);
        return NULL;
    }
    tj_cache_count(cache, &cache->counts.hits);
    return take_payload(file, byte_len);
}

void tj_cache_reject(tj_cache *cache, tj_entry_kind kind, const tj_digest *key, const char *why)
{
    char name[TJ_CACHE_NAME];

    tj_cache_name(kind, key, name);
    tj_cache_report(cache, &cache->counts.broken, "%s is broken: %s", name, why);
    unlinkat(cache->dir, name, 0);
}

/* ---- writing ------------------------------------------------------------------------- */

static bool write_all(int fd, const uint8_t *bytes, size_t byte_len)
{
    while (byte_len) {
        ssize_t count = write(fd, bytes, byte_len);
        if (count < 0 && errno == EINTR)
            continue;
        if (count <= 0)
            return false;
        bytes += count;
        byte_len -= (size_t)count;
    }
    return true;
}

/* A file that passes the process's limit would end the process by SIGXFSZ. */
static bool is_within_file_limit(size_t byte_len)
{
    struct rlimit limit;

    if (getrlimit(RLIMIT_FSIZE, &limit) || limit.rlim_cur == RLIM_INFINITY ||
        byte_len <= limit.rlim_cur)
        return true;
    errno = EFBIG;
    return false;
}

static int create_temporary(tj_cache *cache, char name[TJ_CACHE_NAME])
{
    struct timespec time;

    pthread_mutex_lock(&cache->lock);
    uint64_t number = ++cache->temporary_count;
    pthread_mutex_unlock(&cache->lock);
    /* Process numbers repeat between containers; the clock and O_EXCL tell those apart. */
    clock_gettime(CLOCK_REALTIME, &time);
    snprintf(name, TJ_CACHE_NAME, TJ_CACHE_TEMPORARY "%lx.%llx.%lx", (unsigned long)getpid(),
             (unsigned long long)number, (unsigned long)time.tv_nsec);
    return openat(cache->dir, name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
}

static bool store(tj_cache *cache, const char *name, const uint8_t *head,
                  const uint8_t *payload, size_t byte_len)
{
    char temporary[TJ_CACHE_NAME];
    int fd = is_within_file_limit(TJ_CACHE_HEAD + byte_len) ? create_temporary(cache, temporary)
                                                            : -1;

    if (fd < 0)
        return false;
    bool is_good = write_all(fd, head, TJ_CACHE_HEAD) && write_all(fd, payload, byte_len);
    int error = errno;
    if (close(fd) && is_good) {
        is_good = false;
        error = errno;
    }
    if (is_good && renameat(cache->dir, temporary, cache->dir, name)) {
        is_good = false;
        error = errno;
    }
    if (!is_good)
        unlinkat(cache->dir, temporary, 0);
    errno = error;
    return is_good;
}

void tj_cache_put(tj_cache *cache, tj_entry_kind kind, const tj_digest *key, const void *bytes,
                  size_t byte_len)
{
    uint8_t head[TJ_CACHE_HEAD];
    char name[TJ_CACHE_NAME];

    tj_cache_name(kind, key, name);
    if (byte_len > cache->byte_limit / 4) {
        tj_cache_report(cache, &cache->counts.failed,
                        "%s is not stored: %zu bytes are more than a quarter of the limit",
                        name, byte_len);
        return;
    }
    make_head(head, kind, key, bytes, byte_len);
    if (!store(cache, name, head, bytes, byte_len)) {
        tj_cache_report(cache, &cache->counts.failed, "%s cannot be stored: %s", name,
                        strerror(errno));
        return;
    }
    tj_cache_count(cache, &cache->counts.stored);
    tj_cache_bound(cache, key, TJ_CACHE_HEAD + byte_len);
}
