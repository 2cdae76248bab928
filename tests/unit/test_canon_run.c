/* SPDX-License-Identifier: MIT */
/* Canonical code does what the original does: both are compiled by LLVM and run on the same
 * bytes. Control flow is random, with irreducible loops and switches; memory functions go
 * through lengths, alignments and overlaps. Nothing here is undefined in LLVM's sense. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include "load_util.h"

#include <llvm-c/Core.h>
#include <llvm-c/IRReader.h>
#include <llvm-c/LLJIT.h>
#include <llvm-c/Target.h>

enum { BYTE_LEN = 4096, SEED_COUNT = 150 };

typedef void kernel_fn(unsigned char *p, unsigned char *q, uint32_t x, uint32_t y);

/* ---- compiling ------------------------------------------------------------------------------
 */

static void no_error(LLVMErrorRef error)
{
    if (!error)
        return;
    char *message = LLVMGetErrorMessage(error);
    print_error("%s\n", message);
    LLVMDisposeErrorMessage(message);
    fail();
}

/* The module in a context of its own, for the host. */
static LLVMOrcThreadSafeModuleRef host_copy(LLVMModuleRef module)
{
    char *text = LLVMPrintModuleToString(module), *message = NULL;
    LLVMContextRef llctx = LLVMContextCreate();
    LLVMModuleRef copy = NULL;
    LLVMMemoryBufferRef buffer =
        LLVMCreateMemoryBufferWithMemoryRangeCopy(text, strlen(text), "copy");
    assert_false(LLVMParseIRInContext(llctx, buffer, &copy, &message));
    LLVMDisposeMessage(text);
    LLVMSetDataLayout(copy, "");
    LLVMOrcThreadSafeContextRef tsctx = LLVMOrcCreateNewThreadSafeContextFromLLVMContext(llctx);
    LLVMOrcThreadSafeModuleRef safe = LLVMOrcCreateNewThreadSafeModule(copy, tsctx);
    LLVMOrcDisposeThreadSafeContext(tsctx);
    return safe;
}

static LLVMOrcLLJITRef compile(LLVMModuleRef module, kernel_fn **out)
{
    LLVMOrcLLJITRef jit;
    LLVMOrcDefinitionGeneratorRef process;
    LLVMOrcExecutorAddress address;
    no_error(LLVMOrcCreateLLJIT(&jit, NULL));
    LLVMOrcJITDylibRef library = LLVMOrcLLJITGetMainJITDylib(jit);
    no_error(LLVMOrcCreateDynamicLibrarySearchGeneratorForProcess(
        &process, LLVMOrcLLJITGetGlobalPrefix(jit), NULL, NULL));
    LLVMOrcJITDylibAddGenerator(library, process);
    no_error(LLVMOrcLLJITAddLLVMIRModule(jit, library, host_copy(module)));
    no_error(LLVMOrcLLJITLookup(jit, &address, "k"));
    *out = (kernel_fn *)(uintptr_t)address;
    return jit;
}

/* ---- running --------------------------------------------------------------------------------
 */

typedef struct memory {
    unsigned char p[BYTE_LEN], q[BYTE_LEN];
} memory;

static const uint32_t arguments[][2] = {
    {0, 0}, {1, 2}, {7, 3}, {13, 64}, {64, 13}, {255, 129}, {0x7fffffff, 0x80000000u},
};
enum { RUN_COUNT = sizeof(arguments) / sizeof(arguments[0]) };

/* Some bytes that differ everywhere. */
static void fill(memory *m)
{
    for (unsigned i = 0; i < BYTE_LEN; i++) {
        m->p[i] = (unsigned char)(i * 7 + (i >> 8));
        m->q[i] = (unsigned char)(i * 13 + (i >> 8) + 1);
    }
}

static void run(LLVMModuleRef module, memory *results)
{
    kernel_fn *kernel;
    LLVMOrcLLJITRef jit = compile(module, &kernel);
    for (unsigned i = 0; i < RUN_COUNT; i++) {
        fill(&results[i]);
        kernel(results[i].p, results[i].q, arguments[i][0], arguments[i][1]);
    }
    no_error(LLVMOrcDisposeLLJIT(jit));
}

static void same_at(const loaded *l, const memory *wanted, unsigned opt_level, const char *text)
{
    static memory got[RUN_COUNT];
    tj_unit *unit = NULL;
    tj_diags diags = l->diags;
    assert_int_equal(tj_extract(l->unit, "k", &diags, &unit), TJ_OK);
    tj_canon_options options = {.opt_level = opt_level, .verify_each = true};
    if (tj_canon(unit, &options))
        fail_msg("%s in\n%s", unit->diags.first.message, text);
    run(unit->module, got);
    for (unsigned i = 0; i < RUN_COUNT; i++)
        if (memcmp(&got[i], &wanted[i], sizeof(memory)) != 0) {
            char *canonical = LLVMPrintModuleToString(unit->module);
            fail_msg("level %u differs for %u, %u:\n%s\n%s", opt_level, arguments[i][0],
                     arguments[i][1], text, canonical);
        }
    tj_unit_destroy(unit);
}

static void assert_same(const char *text)
{
    static memory wanted[RUN_COUNT];
    loaded l = load_good(text);
    run(l.unit->module, wanted);
    same_at(&l, wanted, 0, text);
    same_at(&l, wanted, 2, text);
    unload(&l);
}

/* ---- random control flow --------------------------------------------------------------------
 */

static uint32_t next_random(uint32_t *seed)
{
    *seed ^= *seed << 13;
    *seed ^= *seed >> 17;
    *seed ^= *seed << 5;
    return *seed;
}

static uint32_t below(uint32_t *seed, uint32_t limit)
{
    return next_random(seed) % limit;
}

enum { VARIABLE_COUNT = 4 };

/* %a.N = load of a random variable. */
static void add_load(tj_text *text, uint32_t *seed, const char *name, unsigned block,
                     unsigned step)
{
    tj_text_printf(text, "  %%%s.%u.%u = load i32, ptr %%v%u\n", name, block, step,
                   below(seed, VARIABLE_COUNT));
}

static void add_step(tj_text *text, uint32_t *seed, unsigned block, unsigned step)
{
    static const char *const ops[] = {"add", "sub", "mul", "xor", "and", "or"};
    add_load(text, seed, "a", block, step);
    add_load(text, seed, "b", block, step);
    if (below(seed, 4) == 0)
        tj_text_printf(text, "  %%c.%u.%u = call i32 @h(i32 %%a.%u.%u, i32 %%b.%u.%u)\n", block,
                       step, block, step, block, step);
    else
        tj_text_printf(text, "  %%c.%u.%u = %s i32 %%a.%u.%u, %%b.%u.%u\n", block, step,
                       ops[below(seed, 6)], block, step, block, step);
    tj_text_printf(text, "  store i32 %%c.%u.%u, ptr %%v%u\n", block, step,
                   below(seed, VARIABLE_COUNT));
}

/* Writes the block's number and a variable to the next word of p; leaves when fuel is out. */
static void add_trace(tj_text *text, uint32_t *seed, unsigned block)
{
    add_load(text, seed, "t", block, 0);
    tj_text_printf(text,
                   "  %%n.%u = load i32, ptr %%at\n"
                   "  %%g.%u = getelementptr i32, ptr addrspace(1) %%p, i32 %%n.%u\n"
                   "  %%w.%u = xor i32 %%t.%u.0, %u\n"
                   "  store i32 %%w.%u, ptr addrspace(1) %%g.%u\n"
                   "  %%m.%u = add i32 %%n.%u, 1\n"
                   "  store i32 %%m.%u, ptr %%at\n"
                   "  %%e.%u = icmp ugt i32 %%m.%u, 60\n"
                   "  br i1 %%e.%u, label %%end, label %%go%u\ngo%u:\n",
                   block, block, block, block, block, block, block, block, block, block, block,
                   block, block, block, block, block);
}

static void add_switch(tj_text *text, uint32_t *seed, unsigned block, unsigned block_count)
{
    unsigned case_count = 1 + below(seed, 4);
    tj_text_printf(text, "  %%s.%u = and i32 %%t.%u.0, 7\n  switch i32 %%s.%u, label %%b%u [",
                   block, block, block, below(seed, block_count));
    for (unsigned i = 0; i < case_count; i++)
        tj_text_printf(text, " i32 %u, label %%b%u\n", i * 2, below(seed, block_count));
    tj_text_puts(text, "]\n");
}

static void add_terminator(tj_text *text, uint32_t *seed, unsigned block, unsigned block_count)
{
    switch (below(seed, 8)) {
    case 0:
        tj_text_puts(text, "  ret void\n");
        break;
    case 1:
        tj_text_printf(text, "  br label %%b%u\n", below(seed, block_count));
        break;
    case 2:
    case 3:
        add_switch(text, seed, block, block_count);
        break;
    default:
        tj_text_printf(text,
                       "  %%k.%u = icmp slt i32 %%t.%u.0, %u\n"
                       "  br i1 %%k.%u, label %%b%u, label %%b%u\n",
                       block, block, below(seed, 50), block, below(seed, block_count),
                       below(seed, block_count));
    }
}

static void generate(tj_text *text, uint32_t seed)
{
    unsigned block_count = 3 + below(&seed, 9);
    tj_text_puts(text, "define internal i32 @h(i32 %a, i32 %b) {\n"
                       "  %c = icmp ult i32 %a, %b\n  br i1 %c, label %x, label %y\n"
                       "x:\n  %d = add i32 %a, 3\n  ret i32 %d\n"
                       "y:\n  %e = or i32 %b, 1\n  %f = udiv i32 %a, %e\n  ret i32 %f\n}\n"
                       "define void @k(ptr addrspace(1) %p, ptr addrspace(1) %q, "
                       "i32 %thread_position_in_grid, i32 %threads_per_simdgroup) "
                       "\"tmjit.kernel\" {\n"
                       "  %v0 = alloca i32\n  %v1 = alloca i32\n  %v2 = alloca i32\n"
                       "  %v3 = alloca i32\n  %at = alloca i32\n  store i32 0, ptr %at\n"
                       "  store i32 %thread_position_in_grid, ptr %v0\n"
                       "  store i32 %threads_per_simdgroup, ptr %v1\n"
                       "  store i32 5, ptr %v2\n  store i32 -3, ptr %v3\n  br label %b0\n");
    for (unsigned block = 0; block < block_count; block++) {
        tj_text_printf(text, "b%u:\n", block);
        for (unsigned step = 0; step < 1 + below(&seed, 3); step++)
            add_step(text, &seed, block, step);
        add_trace(text, &seed, block);
        add_terminator(text, &seed, block, block_count);
    }
    tj_text_puts(text, "end:\n  ret void\n}\n");
}

static void random_control_flow_keeps_its_meaning(void **state)
{
    (void)state;
    for (uint32_t seed = 1; seed <= SEED_COUNT; seed++) {
        tj_text text = {0};
        generate(&text, seed * 2654435761u | 1);
        assert_same(text.data);
        tj_text_fini(&text);
    }
}

/* ---- memory functions -----------------------------------------------------------------------
 */

/* to and from are offsets into p, or into q for `from_q`. */
static void check_memory(const char *call)
{
    tj_text text = {0};
    tj_text_printf(
        &text,
        "declare void @llvm.memcpy.p1.p1.i64(ptr addrspace(1), ptr addrspace(1), i64, i1)\n"
        "declare void @llvm.memmove.p1.p1.i64(ptr addrspace(1), ptr addrspace(1), i64, i1)\n"
        "declare void @llvm.memset.p1.i32(ptr addrspace(1), i8, i32, i1)\n"
        "declare void @llvm.memcpy.p0.p1.i32(ptr, ptr addrspace(1), i32, i1)\n"
        "declare void @llvm.memmove.p1.p0.i64(ptr addrspace(1), ptr, i64, i1)\n"
        "define void @k(ptr addrspace(1) %%p, ptr addrspace(1) %%q, "
        "i32 %%thread_position_in_grid, i32 %%threads_per_simdgroup) \"tmjit.kernel\" {\n"
        "  %%x = and i32 %%thread_position_in_grid, 511\n  %%n = zext i32 %%x to i64\n"
        "  %%y = and i32 %%threads_per_simdgroup, 511\n  %%m = zext i32 %%y to i64\n"
        "  %%px = getelementptr i8, ptr addrspace(1) %%p, i64 %%n\n"
        "  %%p4 = getelementptr i8, ptr addrspace(1) %%p, i64 4\n"
        "  %%p1 = getelementptr i8, ptr addrspace(1) %%p, i64 1\n"
        "  %%local = alloca [300 x i8], align 4\n"
        "  %%byte = trunc i32 %%y to i8\n  %s\n  ret void\n}\n",
        call);
    assert_same(text.data);
    tj_text_fini(&text);
}

#define P "ptr addrspace(1) "

static const char *const memory_calls[] = {
    "call void @llvm.memcpy.p1.p1.i64(" P "align 4 %p, " P "align 4 %q, i64 0, i1 false)",
    "call void @llvm.memcpy.p1.p1.i64(" P "align 4 %p, " P "align 4 %q, i64 15, i1 false)",
    "call void @llvm.memcpy.p1.p1.i64(" P "align 4 %p, " P "align 2 %q, i64 17, i1 false)",
    "call void @llvm.memcpy.p1.p1.i64(" P "%p1, " P "align 8 %q, i64 128, i1 false)",
    "call void @llvm.memcpy.p1.p1.i64(" P "align 4 %p, " P "align 4 %q, i64 129, i1 false)",
    "call void @llvm.memcpy.p1.p1.i64(" P "align 4 %p, " P "align 4 %q, i64 1000, i1 true)",
    "call void @llvm.memcpy.p1.p1.i64(" P "align 4 %p, " P "align 4 %q, i64 %n, i1 false)",
    "call void @llvm.memcpy.p1.p1.i64(" P "%px, " P "%q, i64 %m, i1 false)",
    "call void @llvm.memmove.p1.p1.i64(" P "align 4 %p4, " P "align 4 %p, i64 31, i1 false)",
    "call void @llvm.memmove.p1.p1.i64(" P "align 4 %p, " P "align 4 %p4, i64 31, i1 false)",
    "call void @llvm.memmove.p1.p1.i64(" P "align 4 %p4, " P "align 4 %p, i64 400, i1 false)",
    "call void @llvm.memmove.p1.p1.i64(" P "align 4 %p, " P "align 4 %p4, i64 400, i1 false)",
    "call void @llvm.memmove.p1.p1.i64(" P "align 4 %p4, " P "align 4 %p, i64 401, i1 false)",
    "call void @llvm.memmove.p1.p1.i64(" P "%px, " P "%p, i64 %m, i1 false)",
    "call void @llvm.memmove.p1.p1.i64(" P "%p, " P "%px, i64 %m, i1 false)",
    "call void @llvm.memset.p1.i32(" P "align 4 %p, i8 7, i32 13, i1 false)",
    "call void @llvm.memset.p1.i32(" P "align 4 %p, i8 %byte, i32 128, i1 false)",
    "call void @llvm.memset.p1.i32(" P "align 2 %p, i8 %byte, i32 301, i1 false)",
    "call void @llvm.memset.p1.i32(" P "align 4 %p, i8 %byte, i32 %x, i1 false)",
    "call void @llvm.memcpy.p0.p1.i32(ptr align 4 %local, " P "%q, i32 300, i1 false)\n"
    "  call void @llvm.memmove.p1.p0.i64(" P "%p1, ptr align 4 %local, i64 300, i1 false)",
    "call void @llvm.memcpy.p0.p1.i32(ptr %local, " P "align 4 %q, i32 100, i1 false)\n"
    "  call void @llvm.memmove.p1.p0.i64(" P "align 4 %p, ptr %local, i64 100, i1 false)",
};

static void memory_functions_keep_their_meaning(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(memory_calls) / sizeof(memory_calls[0]); i++)
        check_memory(memory_calls[i]);
}

static int set_up(void **state)
{
    (void)state;
    return LLVMInitializeNativeTarget() || LLVMInitializeNativeAsmPrinter();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(random_control_flow_keeps_its_meaning),
        cmocka_unit_test(memory_functions_keep_their_meaning),
    };
    return cmocka_run_group_tests_name("canon_run", tests, set_up, NULL);
}
