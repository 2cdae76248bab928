/* SPDX-License-Identifier: MIT */
/* Bytes to tj_load, then each kernel to tj_extract and the place of each instruction.
 * Built with -fsanitize=fuzzer; one input is one file to load. */
#include "ir.h"

#include <llvm-c/Core.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t byte_len);

static void find_places(tj_unit *unit)
{
    LLVMBasicBlockRef block = LLVMGetFirstBasicBlock(unit->kernels[0].function);
    for (; block; block = LLVMGetNextBasicBlock(block)) {
        LLVMValueRef inst = LLVMGetFirstInstruction(block);
        for (; inst; inst = LLVMGetNextInstruction(inst)) {
            tj_mark mark = tj_arena_mark(unit->arena);
            if (!tj_loc_of(unit->arena, unit, inst).kernel)
                abort();
            tj_arena_rewind(unit->arena, mark);
        }
    }
}

static void extract_all(tj_unit *unit, tj_diags *diags)
{
    for (unsigned i = 0; i < unit->kernel_count; i++) {
        tj_unit *copy = NULL;
        if (tj_extract(unit, unit->kernels[i].name, diags, &copy))
            abort();
        find_places(copy);
        tj_unit_destroy(copy);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t byte_len)
{
    tj_diags diags = {.arena = tj_arena_create()};
    tj_unit *unit = NULL;
    tj_status status = tj_load(data, byte_len, NULL, &diags, &unit);
    if (status != diags.first.status || (status == TJ_OK) != (unit != NULL))
        abort();
    if (unit)
        extract_all(unit, &diags);
    tj_unit_destroy(unit);
    tj_arena_destroy(diags.arena);
    return 0;
}
