/* SPDX-License-Identifier: MIT */
/* Any bytes as preprocessed Metal source: the pre-pass ends, with text or with an error. */
#include "source/prepass.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t byte_len);

static void run(const uint8_t *bytes, size_t byte_len, const char *entry)
{
    tj_diags diags = {.arena = tj_arena_create()};
    tj_text out = {0};
    tj_prepass_input input = {.name = "k.metal",
                              .text = (const char *)bytes,
                              .byte_len = byte_len,
                              .written = (const char *)bytes,
                              .written_len = byte_len,
                              .entry = entry};
    tj_status status = tj_prepass(&input, &diags, &out);
    if (status != diags.first.status || (!status && !out.byte_len))
        abort(); /* an error has a message, all else a text */
    tj_text_fini(&out);
    tj_arena_destroy(diags.arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t byte_len)
{
    run(bytes, byte_len, NULL);
    run(bytes, byte_len, "k<int, 4>");
    return 0;
}
