/* SPDX-License-Identifier: MIT */
/* Names that compilers make of operations, and what passes of LLVM put behind names. */
#include "naming.h"

#include "intrin.h"

#include <string.h>

size_t tj_bare_name_len(const char *name)
{
    static const char *const endings[] = {"i",        "lcssa", "sroa",     "addr", "loopexit",
                                          "pre",      "us",    "copyload", "ptr",  "coerce",
                                          "promoted", "off",   "in",       "elt",  "reg2mem"};

    for (const char *dot = strchr(name, '.'); dot; dot = strchr(dot + 1, '.')) {
        size_t len = strcspn(dot + 1, ".");
        bool is_ending = strspn(dot + 1, "0123456789") == len;

        for (size_t i = 0; i < sizeof endings / sizeof *endings && !is_ending; i++) {
            size_t word = strlen(endings[i]); /* a number makes it different from others */

            is_ending = word <= len && strncmp(dot + 1, endings[i], word) == 0 &&
                        word + strspn(dot + 1 + word, "0123456789") >= len;
        }
        if (is_ending)
            return (size_t)(dot - name);
    }
    return strlen(name);
}

/* Whether the name is the word, and perhaps a number. */
static bool is_numbered(const char *name, size_t len, const char *word)
{
    size_t word_len;

    if (!*word || *name != *word)
        return false;
    word_len = strlen(word);
    return word_len <= len && strncmp(name, word, word_len) == 0 &&
           word_len + strspn(name + word_len, "0123456789.i") >= len;
}

bool tj_is_made_up(const char *name, size_t len)
{
    static const char *const words[] = {
        "add",         "sub",         "mul",          "div",     "rem",     "shl",
        "shr",         "lshr",        "ashr",         "and",     "or",      "xor",
        "cmp",         "zext",        "sext",         "trunc",   "conv",    "ins",
        "ext",         "load",        "fadd",         "fsub",    "fmul",    "fdiv",
        "fneg",        "udiv",        "sdiv",         "urem",    "srem",    "call",
        "cond",        "sel",         "phi",          "spec",    "mma",     "splat",
        "icmp",        "fcmp",        "inc",          "vecext",  "neg",     "sum",
        "pre",         "divisor",     "amount",       "tobool",  "inner",   "vecinit",
        "idxprom",     "arrayidx",    "arraydecay",   "retval",  "ref",     "agg",
        "tmp",         "this",        "incdec",       "loadedv", "storedv", "frombool",
        "coerce",      "indvars",     "lnot",         "land",    "lor",     "or.cond",
        "or.cond.not", "spec.select", "cleanup.dest", "idx.ext", "Guard",   "brmerge",
        "lcssa"};

    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (is_numbered(name, len, words[i]))
            return true;
    for (int i = 0; i < TJ_INTRIN_COUNT; i++)
        if (is_numbered(name, len, tj_intrin_infos[i].metal))
            return true;
    return false;
}
