/* SPDX-License-Identifier: MIT */
/* Kernels whose !air.kernel nodes and function constants are changed by the input: three bytes
 * a change, which node, which operand, which token stands there now (or none, or one more).
 * The empty input is a good kernel. What is accepted goes through extraction, constants and
 * canonical form. */
#include "ir.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t byte_len);

enum { MOST_OPERANDS = 28, MOST_CHANGES = 64 };

static const char head[] =
    "@flag = internal addrspace(2) externally_initialized constant i32 undef, align 4\n"
    "@wide = internal addrspace(2) externally_initialized constant <2 x float> undef\n"
    "define void @k(ptr addrspace(1) %a, ptr addrspace(2) %b, ptr addrspace(3) %t,\n"
    "    ptr addrspace(1) %args, <3 x i32> %i) {\n"
    "  %f = load i32, ptr addrspace(2) @flag\n"
    "  %x = extractelement <3 x i32> %i, i32 0\n"
    "  %p = getelementptr i32, ptr addrspace(1) %a, i32 %x\n"
    "  store i32 %f, ptr addrspace(1) %p\n"
    "  %q = load ptr addrspace(1), ptr addrspace(1) %args\n"
    "  %v = load i32, ptr addrspace(1) %q\n"
    "  store i32 %v, ptr addrspace(3) %t\n"
    "  ret void\n"
    "}\n"
    "define void @other() {\n"
    "  ret void\n"
    "}\n";

/* Operands of the nodes of a good kernel; a node's name is its number. */
static const char *const good[][MOST_OPERANDS] = {
    {"ptr @k", "!1", "!2"},
    {NULL},
    {"!3", "!4", "!5", "!6", "!7"},
    {"i32 0", "!\"air.buffer\"", "!\"air.location_index\"", "i32 0", "i32 1",
     "!\"air.read_write\"", "!\"air.address_space\"", "i32 1", "!\"air.arg_type_size\"",
     "i32 4", "!\"air.arg_type_align_size\"", "i32 4", "!\"air.arg_type_name\"", "!\"int\"",
     "!\"air.arg_name\"", "!\"a\""},
    {"i32 1",
     "!\"air.buffer\"",
     "!\"air.buffer_size\"",
     "i32 8",
     "!\"air.location_index\"",
     "i32 1",
     "i32 1",
     "!\"air.read\"",
     "!\"air.address_space\"",
     "i32 2",
     "!\"air.struct_type_info\"",
     "!8",
     "!\"air.arg_type_size\"",
     "i32 8",
     "!\"air.arg_type_align_size\"",
     "i32 4",
     "!\"air.arg_type_name\"",
     "!\"S\"",
     "!\"air.arg_name\"",
     "!\"b\""},
    {"i32 2", "!\"air.buffer\"", "!\"air.location_index\"", "i32 0", "i32 1",
     "!\"air.read_write\"", "!\"air.address_space\"", "i32 3", "!\"air.arg_type_name\"",
     "!\"int\"", "!\"air.arg_name\"", "!\"t\""},
    {"i32 3",
     "!\"air.indirect_buffer\"",
     "!\"air.buffer_size\"",
     "i32 16",
     "!\"air.location_index\"",
     "i32 2",
     "i32 1",
     "!\"air.read\"",
     "!\"air.address_space\"",
     "i32 1",
     "!\"air.struct_type_info\"",
     "!9",
     "!\"air.arg_type_size\"",
     "i32 16",
     "!\"air.arg_type_align_size\"",
     "i32 8",
     "!\"air.arg_type_name\"",
     "!\"Args\"",
     "!\"air.arg_name\"",
     "!\"args\""},
    {"i32 4", "!\"air.thread_position_in_grid\"", "!\"air.arg_type_name\"", "!\"uint3\"",
     "!\"air.arg_name\"", "!\"i\""},
    {"i32 0", "i32 4", "i32 0", "!\"int\"", "!\"n\"", "i32 4", "i32 4", "i32 0", "!\"float\"",
     "!\"s\""},
    {"i32 0", "i32 8", "i32 0", "!\"int\"", "!\"p\"", "!\"air.indirect_argument\"", "!10",
     "i32 8", "i32 4", "i32 0", "!\"int\"", "!\"n\"", "!\"air.indirect_argument\"", "!11"},
    {"i32 0", "!\"air.buffer\"", "!\"air.location_index\"", "i32 0", "i32 1", "!\"air.read\"",
     "!\"air.address_space\"", "i32 1", "!\"air.arg_type_size\"", "i32 4",
     "!\"air.arg_type_align_size\"", "i32 4", "!\"air.arg_type_name\"", "!\"int\"",
     "!\"air.arg_name\"", "!\"p\""},
    {"i32 1", "!\"air.indirect_constant\"", "!\"air.location_index\"", "i32 1", "i32 1",
     "!\"air.arg_type_name\"", "!\"int\"", "!\"air.arg_name\"", "!\"n\""},
    {"ptr addrspace(2) @flag", "!\"int\"", "!\"flag\"", "i32 0", "i1 false"},
    {"ptr addrspace(2) @wide", "!\"float2\"", "!\"wide\"", "i32 1", "i1 false"},
};
enum { NODE_COUNT = sizeof good / sizeof good[0] };

static const char *const tokens[] = {
    "null",
    "!{}",
    "!0",
    "!1",
    "!2",
    "!3",
    "!6",
    "!8",
    "!9",
    "!10",
    "!11",
    "!12",
    "ptr @k",
    "ptr @other",
    "ptr addrspace(2) @flag",
    "ptr null",
    "i32 undef",
    "i32 0",
    "i32 1",
    "i32 2",
    "i32 3",
    "i32 4",
    "i32 8",
    "i32 16",
    "i32 30",
    "i32 31",
    "i32 -1",
    "i32 2147483647",
    "i64 4294967296",
    "i64 -9223372036854775808",
    "i1 true",
    "float 1.0",
    "!\"\"",
    "!\"air\"",
    "!\"air.buffer\"",
    "!\"air.indirect_buffer\"",
    "!\"air.indirect_constant\"",
    "!\"air.indirect_argument\"",
    "!\"air.constant\"",
    "!\"air.texture\"",
    "!\"air.sampler\"",
    "!\"air.location_index\"",
    "!\"air.read\"",
    "!\"air.write\"",
    "!\"air.read_write\"",
    "!\"air.address_space\"",
    "!\"air.buffer_size\"",
    "!\"air.struct_type_info\"",
    "!\"air.arg_type_size\"",
    "!\"air.arg_type_align_size\"",
    "!\"air.arg_type_name\"",
    "!\"air.arg_name\"",
    "!\"air.arg_unused\"",
    "!\"air.function_constant\"",
    "!\"air.max_work_group_size\"",
    "!\"air.thread_position_in_grid\"",
    "!\"air.threadgroup_position_in_grid\"",
    "!\"air.thread_index_in_simdgroup\"",
    "!\"float4\"",
    "!\"packed_half3\"",
    "!\"atomic_uint\"",
    "!\"half4x4\"",
    "!\"bool\"",
    "!\"a\"",
    "!\"a.b\\00\\0A%s%n\"",
};
enum { TOKEN_COUNT = sizeof tokens / sizeof tokens[0] };

typedef struct node {
    const char *operands[MOST_OPERANDS];
    unsigned count;
} node;

/* The last tokens of the table's range take an operand out or put one more in. */
static void change(node *nodes, const uint8_t bytes[3])
{
    node *n = &nodes[bytes[0] % NODE_COUNT];
    unsigned at = bytes[1] % (n->count + 1), token = bytes[2] % (2 * TOKEN_COUNT + 1);
    bool is_new = token >= TOKEN_COUNT || at == n->count;

    if (token == 2 * TOKEN_COUNT && at < n->count) {
        memmove(&n->operands[at], &n->operands[at + 1],
                (--n->count - at) * sizeof n->operands[0]);
        return;
    }
    if (is_new && n->count == MOST_OPERANDS)
        return;
    if (is_new)
        memmove(&n->operands[at + 1], &n->operands[at],
                (n->count++ - at) * sizeof n->operands[0]);
    n->operands[at] = tokens[token % TOKEN_COUNT];
}

static void print(tj_text *text, const node *nodes)
{
    tj_text_printf(text, "%s!air.kernel = !{!0}\n!air.function_constants = !{!12, !13}\n",
                   head);
    for (unsigned n = 0; n < NODE_COUNT; n++) {
        tj_text_printf(text, "!%u = !{", n);
        for (unsigned i = 0; i < nodes[n].count; i++)
            tj_text_printf(text, "%s%s", i ? ", " : "", nodes[n].operands[i]);
        tj_text_printf(text, "}\n");
    }
}

static void use(tj_unit *unit, tj_diags *diags)
{
    for (unsigned i = 0; i < unit->kernel_count; i++) {
        const tj_canon_options options = {.opt_level = 1};
        tj_unit *copy = NULL;

        if (tj_extract(unit, unit->kernels[i].name, diags, &copy))
            abort();
        tj_status status = tj_specialize(copy, NULL, 0, true, NULL);
        if (!status)
            status = tj_canon(copy, &options);
        if (status == TJ_E_INTERNAL || (status && !diags->first.message)) {
            fputs(diags->first.message ? diags->first.message : "no message", stderr);
            abort();
        }
        tj_unit_destroy(copy);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t byte_len)
{
    node nodes[NODE_COUNT];
    tj_diags diags = {.arena = tj_arena_create()};
    tj_text text = {0};
    tj_unit *unit = NULL;

    for (unsigned n = 0; n < NODE_COUNT; n++) {
        memcpy(nodes[n].operands, good[n], sizeof good[n]);
        for (nodes[n].count = 0; nodes[n].count < MOST_OPERANDS && good[n][nodes[n].count];)
            nodes[n].count++;
    }
    for (size_t at = 0; at + 3 <= byte_len && at < 3 * MOST_CHANGES; at += 3)
        change(nodes, bytes + at);
    print(&text, nodes);
    tj_status status = tj_load((const uint8_t *)text.data, text.byte_len, NULL, &diags, &unit);
    if (status != diags.first.status || (status == TJ_OK) != (unit != NULL))
        abort();
    if (status && byte_len < 3) { /* unchanged */
        fputs(diags.first.message, stderr);
        abort();
    }
    if (unit)
        use(unit, &diags);
    tj_unit_destroy(unit);
    tj_text_fini(&text);
    tj_arena_destroy(diags.arena);
    return 0;
}
