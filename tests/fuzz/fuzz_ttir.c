/* SPDX-License-Identifier: MIT */
/* Any bytes as Triton's IR: bitcode, which LLVM's verifier then accepts, or an error with its
 * message. */
#include "ttir/ttir.h"

#include <stdint.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t byte_len);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t byte_len)
{
    tj_diags diags = {.arena = tj_arena_create()};
    tj_text out = {0};
    const tj_ttir_source source = {.text = (const char *)bytes,
                                   .byte_len = byte_len,
                                   .name = "k.ttir",
                                   .num_warps = 1u << (byte_len % 4)};
    tj_status status = tj_ttir_compile(&source, &diags, &out);
    if (status != diags.first.status || !status != (out.byte_len != 0))
        abort();
    tj_text_fini(&out);
    tj_arena_destroy(diags.arena);
    return 0;
}
