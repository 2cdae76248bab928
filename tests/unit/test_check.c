/* SPDX-License-Identifier: MIT */
/* What tj_check refuses, each with its whole message, and what it must let pass. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include "intrin_examples.h"
#include "load_util.h"

#include <llvm-c/BitWriter.h>
#include <llvm-c/Core.h>

#define KERNEL(body)                                                                           \
    "define void @k(ptr addrspace(1) %p, ptr addrspace(2) %c, ptr addrspace(3) %t, "           \
    "i32 %thread_position_in_grid) \"tmjit.kernel\" {\n" body "\n}\n"
#define INST(inst) KERNEL(inst "\nret void")

static const struct refusal {
    const char *text, *message;
    unsigned line; /* 0: not tested */
} refusals[] = {
    /* types */
    {INST("%v = load i24, ptr addrspace(1) %p"),
     "load of i24; widths 8, 16, 32 and 64 are supported", 2},
    {INST("%v = load i1, ptr addrspace(1) %p"),
     "load of i1; widths 8, 16, 32 and 64 are supported", 2},
    {INST("store i128 0, ptr addrspace(1) %p"),
     "store of i128; widths 8, 16, 32 and 64 are supported", 2},
    {INST("%v = add i33 1, 2"), "add of i33; widths 1, 8, 16, 32 and 64 are supported", 2},
    {INST("%v = load double, ptr addrspace(1) %p"),
     "load of double; half, bfloat and float are supported, with fp64 allowed double too", 2},
    {INST("%v = fptrunc fp128 0xL00000000000000000000000000000000 to float"),
     "fptrunc of fp128; half, bfloat and float are supported", 2},
    {INST("%v = load <17 x float>, ptr addrspace(1) %p"),
     "load of <17 x float>; vectors of up to 16 elements are supported", 2},
    {INST("%v = load <vscale x 4 x float>, ptr addrspace(1) %p"),
     "load of <vscale x 4 x float>; numbers, pointers, vectors, arrays and structs are "
     "supported",
     2},
    {INST("%v = fadd <64 x float> zeroinitializer, zeroinitializer"),
     "fadd of <64 x float>; SIMD-group matrices are moved, loaded, stored and multiplied", 2},
    {INST("%v = getelementptr i8, <4 x ptr> zeroinitializer, i32 1"),
     "getelementptr of <4 x ptr>; vectors of numbers are supported", 2},
    {INST("%v = addrspacecast ptr addrspace(1) %p to ptr addrspace(4)"),
     "addrspacecast of ptr addrspace(4); address spaces 0 to 3 are supported", 2},
    {INST("%v = load [65 x i8], ptr addrspace(1) %p"),
     "load of [65 x i8]; values of up to 64 components are supported", 2},
    {INST("%v = load [4294967296 x [4294967296 x {}]], ptr addrspace(1) %p\n"
          "%w = load [4294967296 x [9 x i8]], ptr addrspace(1) %p"),
     "load of [4294967296 x [9 x i8]]; values of up to 64 components are supported", 3},
    /* memory */
    {INST("store i32 1, ptr addrspace(2) %c"), "write to constant memory; it can only be read",
     2},
    {INST("%v = atomicrmw add ptr addrspace(2) %c, i32 1 monotonic"),
     "write to constant memory; it can only be read", 2},
    {INST("%v = atomicrmw nand ptr addrspace(1) %p, i32 1 monotonic"),
     "this atomicrmw operation; xchg, add, sub, and, or, xor, max, min, umax, umin, fadd, fmax "
     "and fmin are supported",
     2},
    {INST("%v = atomicrmw add ptr addrspace(1) %p, i16 1 monotonic"),
     "atomic access of i16; i32, i64 and float are supported", 2},
    {INST("%v = cmpxchg ptr addrspace(1) %p, i8 1, i8 2 monotonic monotonic"),
     "atomic access of i8; i32, i64 and float are supported", 2},
    {INST("%v = load atomic half, ptr addrspace(1) %p monotonic, align 2"),
     "atomic access of half; i32, i64 and float are supported", 2},
    {INST("%v = alloca i32, i32 %thread_position_in_grid"),
     "alloca of variable length; constant lengths are supported", 2},
    {KERNEL("br label %next\nnext:\n%v = alloca i32\nret void"),
     "alloca outside the entry block; variables are made there", 4},
    {INST("%v = alloca i32, addrspace(3)"),
     "alloca in address space 3; variables live in space 0", 2},
    {INST("%v = alloca [16384 x i32]\n%w = alloca i8"),
     "65537 bytes of thread memory; a thread has 65536", 3},
    {INST("%v = alloca [4294967296 x i32], i64 8589934592"),
     "18446744073709551615 bytes of thread memory; a thread has 65536", 2},
    /* instructions */
    {INST("%v = va_arg ptr null, i32"), "instruction 'va_arg' is not supported", 2},
    {"declare i32 @f(...)\n"
     "define void @k() \"tmjit.kernel\" personality ptr @f {\n"
     "invoke void @k() to label %a unwind label %b\n"
     "a:\nret void\n"
     "b:\n%l = landingpad { ptr, i32 } cleanup\nret void\n}\n",
     "instruction 'invoke' is not supported", 0},
    {KERNEL("indirectbr ptr blockaddress(@k, %a), [label %a]\na:\nret void"),
     "address of a block; branches name their blocks", 2},
    /* calls */
    {INST("%v = call float @air.foo.f32(float 0.0)") "declare float @air.foo.f32(float)",
     "unknown intrinsic 'air.foo.f32'", 2},
    {INST("%v = call float @llvm.tan.f32(float 0.0)") "declare float @llvm.tan.f32(float)",
     "unknown intrinsic 'llvm.tan.f32'", 2},
    {INST(
         "%v = call i32 @llvm.vector.reduce.add.v4i32(<4 x i32> zeroinitializer)") "declare "
                                                                                   "i32 "
                                                                                   "@llvm."
                                                                                   "vector."
                                                                                   "reduce.add."
                                                                                   "v4i32(<4 x "
                                                                                   "i32>)",
     "unknown intrinsic 'llvm.vector.reduce.add.v4i32'", 2},
    {INST("%v = call ptr @malloc(i64 4)") "declare ptr @malloc(i64)",
     "call of external function 'malloc'; functions with a body and air.* functions can be "
     "called",
     2},
    {INST("call void asm sideeffect \"nop\", \"\"()"), "inline assembly is not supported", 2},
    {INST("%v = load ptr, ptr addrspace(1) %p\ncall void %v()"),
     "indirect call; functions are called by name", 3},
    {INST("call void @f(i32 1)") "define internal void @f() {\nret void\n}\n",
     "the call and the function it calls differ in type", 2},
    {INST("call void (...) @f(i32 1)") "define internal void @f(...) {\nret void\n}\n",
     "variable arguments are not supported", 2},
    {INST("call void @f() [\"deopt\"()]") "define internal void @f() {\nret void\n}\n",
     "operand bundles are not supported", 2},
    {INST("store ptr @f, ptr addrspace(1) %p") "define internal void @f() {\nret void\n}\n",
     "address of 'f'; only variables have one", 2},
    {INST("call void @llvm.memset.p2.i64(ptr addrspace(2) %c, i8 0, i64 4, i1 false)") "declare"
                                                                                       " void "
                                                                                       "@llvm."
                                                                                       "memset."
                                                                                       "p2.i64("
                                                                                       "ptr "
                                                                                       "addrspa"
                                                                                       "ce(2), "
                                                                                       "i8, "
                                                                                       "i64, "
                                                                                       "i1)",
     "write to constant memory; it can only be read", 2},
    /* signatures */
    {INST("%v = call float @air.sqrt.f32(float 0.0, float 0.0)") "declare float "
                                                                 "@air.sqrt.f32(float, float)",
     "wrong signature of 'air.sqrt.f32': float (float, float); accepted is float (float)", 2},
    {INST("call void @air.wg.barrier(i32 1)") "declare void @air.wg.barrier(i32)",
     "wrong signature of 'air.wg.barrier': void (i32); accepted is void (i32, i32) or void "
     "(i32, i32, i32)",
     2},
    {INST("%v = call i32 @air.simd_shuffle.s.i32(i32 0, i32 0)") "declare i32 "
                                                                 "@air.simd_shuffle.s.i32(i32, "
                                                                 "i32)",
     "wrong signature of 'air.simd_shuffle.s.i32': i32 (i32, i32); accepted is i32 (i32, i16)",
     2},
    {INST("%v = call i32 @air.atomic.local.add.u.i32(ptr addrspace(1) %p, i32 0, i32 0, "
          "i32 0, i1 true)") "declare i32 @air.atomic.local.add.u.i32(ptr addrspace(1), i32, "
                             "i32, i32, i1)",
     "wrong signature of 'air.atomic.local.add.u.i32': i32 (ptr addrspace(1), i32, i32, i32, "
     "i1); accepted is i32 (ptr addrspace(3), i32, i32, i32, i1) or i32 (ptr addrspace(3), "
     "i32, i32, i32, i32, i1)",
     2},
    /* globals */
    {"@g = external global i32\n" INST("%v = load i32, ptr @g"),
     "global 'g' is external; globals need an initialiser", 3},
    {"@g = internal thread_local global i32 0\n" INST("%v = load i32, ptr @g"),
     "global 'g' is thread-local; use thread memory inside the kernel", 3},
    {"@g = internal global i32 0\n" INST("%v = load i32, ptr @g"),
     "global 'g' is writable; variables can be in threadgroup memory only", 3},
    {"@g = internal addrspace(1) constant i32 0\n" INST("%v = load i32, ptr addrspace(1) @g"),
     "global 'g' in address space 1; 0, 2 and 3 are supported", 3},
    {"@g = internal addrspace(2) externally_initialized constant i32 undef\n" INST(
         "%v = load i32, ptr addrspace(2) @g"),
     "global 'g' is set from outside and no function constant", 3},
    {"@g = internal addrspace(2) global i32 undef\n" INST("store i32 1, ptr addrspace(2) @g"),
     "write to constant memory; it can only be read", 3},
    {"@g = internal addrspace(2) constant i64 ptrtoint (ptr addrspace(2) @g to i64)\n" INST(
         "%v = load i64, ptr addrspace(2) @g"),
     "global 'g' is initialised with an address as a number", 3},
    {"@g = internal addrspace(3) global i32 5\n" INST("%v = load i32, ptr addrspace(3) @g"),
     "global 'g' in threadgroup memory has an initialiser; only undef is supported", 3},
    {"@g = internal addrspace(2) constant [67108865 x i8] zeroinitializer\n" INST(
         "%v = load i8, ptr addrspace(2) @g"),
     "global 'g' of 67108865 bytes; up to 67108864 are supported", 3},
    {"@g = internal constant i32 0\n@a = alias i32, ptr @g\n" INST("%v = load i32, ptr @a"),
     "address of 'a'; only variables have one", 4},
    {"@g = internal addrspace(3) global [8192 x float] undef, align 16\n"
     "@h = internal addrspace(3) global i8 undef\n" INST(
         "%v = load i32, ptr addrspace(3) @g\n%w = load i8, ptr addrspace(3) @h"),
     "32769 bytes of threadgroup memory; a threadgroup has 32768", 3},
    /* call graph */
    {INST("call void @a()") "define internal void @a() {\ncall void @b()\nret void\n}\n"
                            "define internal void @b() {\ncall void @a()\nret void\n}\n",
     "recursion: @a calls @b calls @a", 10},
    {INST("call void @k(ptr addrspace(1) %p, ptr addrspace(2) %c, ptr addrspace(3) %t, i32 0)"),
     "recursion: @k calls @k", 2},
    {INST("call void @a()") "define internal void @a() {\nfence seq_cst\n"
                            "%v = add i7 1, 2\nret void\n}\n",
     "add of i7; widths 1, 8, 16, 32 and 64 are supported", 7},
};

static void refusals_name_thing_and_place(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(refusals) / sizeof(refusals[0]); i++) {
        loaded l = load_text(refusals[i].text);
        const char *message = l.diags.first.message ? l.diags.first.message : "accepted";
        assert_string_equal(message, refusals[i].message);
        assert_int_equal(l.status, TJ_E_UNSUPPORTED);
        if (refusals[i].line && l.diags.first.loc.line != refusals[i].line)
            fail_msg("'%s' is at line %u, not %u", message, l.diags.first.loc.line,
                     refusals[i].line);
        unload(&l);
    }
}

static void the_rendered_message_has_everything(void **state)
{
    (void)state;
    loaded l = load_text(KERNEL("br label %body\nbody:\n%v = load i24, ptr addrspace(1) %p\n"
                                "ret void"));
    tj_text text = {0};
    tj_diag_render(&l.diags.first, &text);
    assert_string_equal(
        text.data,
        "k.ll:4:1: error: load of i24; widths 8, 16, 32 and 64 are supported [unsupported]\n"
        "  in kernel @k, block %body: %v = load i24, ptr addrspace(1) %p, align 4\n");
    tj_text_fini(&text);
    unload(&l);
}

#define LLVM_DECLARES                                                                          \
    "declare void @llvm.assume(i1)\ndeclare void @llvm.trap()\n"                               \
    "declare void @llvm.memset.p1.i32(ptr addrspace(1), i8, i32, i1)\n"                        \
    "declare { i32, i1 } @llvm.sadd.with.overflow.i32(i32, i32)\n"

static const char *const accepted[] = {
    /* what no kernel reaches is not looked at */
    INST("") "define internal void @unused() {\n%v = add i7 1, 2\nret void\n}\n"
             "declare i32 @printf(ptr, ...)\n",
    INST("%v = load <4 x half>, ptr addrspace(1) %p\nstore <4 x half> %v, ptr addrspace(1) %p"),
    INST("%v = load bfloat, ptr addrspace(2) %c"),
    INST("%v = alloca <64 x float>\n%t1 = load <64 x float>, ptr %v\n"
         "store <64 x float> %t1, ptr %v\n%e = extractelement <64 x float> %t1, i32 1"),
    INST("%v = alloca { i32, [3 x float], <2 x i8> }\n"
         "%w = load { i32, [3 x float], <2 x i8> }, ptr %v"),
    INST("%v = atomicrmw fadd ptr addrspace(1) %p, float 1.0 monotonic\n"
         "%w = atomicrmw umax ptr addrspace(3) %t, i64 1 monotonic\n"
         "%x = cmpxchg ptr addrspace(1) %p, i32 1, i32 2 monotonic monotonic\n"
         "%y = load atomic i32, ptr addrspace(1) %p monotonic, align 4\nfence seq_cst"),
    "@g = internal constant [2 x i32] [i32 1, i32 2]\n"
    "@h = internal addrspace(2) constant { i8, [2 x float] } { i8 1, [2 x float] undef }\n"
    "@s = internal addrspace(3) global [8192 x float] undef\n" INST(
        "%v = load i32, ptr getelementptr ([2 x i32], ptr @g, i64 0, i64 1)\n"
        "%w = load i8, ptr addrspace(2) @h\n%x = load float, ptr addrspace(3) @s"),
    INST("call void @llvm.assume(i1 true) [\"align\"(ptr addrspace(1) %p, i64 16)]\n"
         "call void @llvm.trap()\n"
         "call void @llvm.memset.p1.i32(ptr addrspace(1) %p, i8 0, i32 4, i1 false)\n"
         "%v = call { i32, i1 } @llvm.sadd.with.overflow.i32(i32 1, i32 2)") LLVM_DECLARES,
    /* a diamond of calls is no recursion */
    INST("call void @a()\ncall void @b()") "define internal void @a() {\ncall void @b()\n"
                                           "ret void\n}\n"
                                           "define internal void @b() {\nret void\n}\n",
};

static void the_language_is_accepted(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(accepted) / sizeof(accepted[0]); i++) {
        loaded l = load_good(accepted[i]);
        unload(&l);
    }
}

/* Adds `declare` and `call` of one example. */
static void add_call(const intrin_example *example, tj_text *declares, tj_text *calls)
{
    bool is_void = strcmp(example->result, "void") == 0;
    tj_text_printf(declares, "declare %s @%s(", example->result, example->name);
    tj_text_printf(calls, "  %scall %s @%s(", is_void ? "" : "%v = ", example->result,
                   example->name);
    for (unsigned i = 0; i < example->param_count; i++) {
        const char *comma = i ? ", " : "";
        tj_text_printf(declares, "%s%s", comma, example->params[i]);
        tj_text_printf(calls, "%s%s zeroinitializer", comma, example->params[i]);
    }
    tj_text_puts(declares, ")\n");
    tj_text_puts(calls, ")\n");
}

static void every_row_is_accepted_with_its_signature(void **state)
{
    (void)state;
    for (unsigned id = 0; id < TJ_INTRIN_COUNT; id++) {
        intrin_example example;
        tj_text text = {0}, calls = {0};
        assert_true(row_example((tj_intrin)id, &example));
        add_call(&example, &text, &calls);
        tj_text_printf(&text, "define void @k() \"tmjit.kernel\" {\n%s  ret void\n}\n",
                       calls.data);
        loaded l = load_text_fp64(text.data);
        if (l.status)
            print_error("%s: %s", text.data, l.diags.first.message);
        assert_int_equal(l.status, TJ_OK);
        unload(&l);
        tj_text_fini(&text);
        tj_text_fini(&calls);
    }
}

/* One parameter more is refused for every row. */
static void every_row_is_refused_with_another_signature(void **state)
{
    (void)state;
    for (unsigned id = 0; id < TJ_INTRIN_COUNT; id++) {
        intrin_example example;
        tj_text text = {0}, calls = {0};
        assert_true(row_example((tj_intrin)id, &example));
        snprintf(example.params[example.param_count], sizeof example.params[0], "i64");
        example.param_count++;
        add_call(&example, &text, &calls);
        tj_text_printf(&text, "define void @k() \"tmjit.kernel\" {\n%s  ret void\n}\n",
                       calls.data);
        loaded l = load_text(text.data);
        assert_int_equal(l.status, TJ_E_UNSUPPORTED);
        assert_non_null(strstr(l.diags.first.message, "wrong signature of 'air."));
        unload(&l);
        tj_text_fini(&text);
        tj_text_fini(&calls);
    }
}

/* add(x, x) nested 14 deep: 2^14 parts as a tree, 14 as LLVM shares them in bitcode. */
static LLVMMemoryBufferRef build_shared_constant(void)
{
    LLVMContextRef llctx = LLVMContextCreate();
    LLVMModuleRef module = LLVMModuleCreateWithNameInContext("k", llctx);
    LLVMTypeRef i64 = LLVMInt64TypeInContext(llctx),
                params[] = {LLVMPointerTypeInContext(llctx, 1)};
    LLVMValueRef global = LLVMAddGlobal(module, i64, "g");
    LLVMValueRef sum = LLVMConstPtrToInt(global, i64);
    for (unsigned i = 0; i < 14; i++)
        sum = LLVMConstAdd(sum, sum);
    LLVMValueRef kernel = LLVMAddFunction(
        module, "k", LLVMFunctionType(LLVMVoidTypeInContext(llctx), params, 1, false));
    LLVMAddAttributeAtIndex(kernel, LLVMAttributeFunctionIndex,
                            LLVMCreateStringAttribute(llctx, "tmjit.kernel", 12, "", 0));
    LLVMBuilderRef b = LLVMCreateBuilderInContext(llctx);
    LLVMPositionBuilderAtEnd(b, LLVMAppendBasicBlockInContext(llctx, kernel, "entry"));
    LLVMBuildStore(b, sum, LLVMGetParam(kernel, 0));
    LLVMBuildRetVoid(b);
    LLVMMemoryBufferRef bitcode = LLVMWriteBitcodeToMemoryBuffer(module);
    LLVMDisposeBuilder(b);
    LLVMDisposeModule(module);
    LLVMContextDispose(llctx);
    return bitcode;
}

static void shared_constants_do_not_explode(void **state)
{
    (void)state;
    LLVMMemoryBufferRef bitcode = build_shared_constant();
    loaded l = load_bytes(LLVMGetBufferStart(bitcode), LLVMGetBufferSize(bitcode), "k.bc");
    assert_int_equal(l.status, TJ_E_UNSUPPORTED);
    assert_string_equal(l.diags.first.message, "constant of more than 4096 parts or 32 levels");
    assert_string_equal(l.diags.first.loc.kernel, "k");
    unload(&l);
    LLVMDisposeMemoryBuffer(bitcode);
}

/* A chain of calls longer than any stack of ours could follow by recursion. */
static void long_call_chains_are_walked(void **state)
{
    (void)state;
    enum { LENGTH = 20000 };
    tj_text text = {0};
    tj_text_puts(&text, "define void @k() \"tmjit.kernel\" {\ncall void @f0()\nret void\n}\n");
    for (unsigned i = 0; i < LENGTH; i++)
        tj_text_printf(&text, "define internal void @f%u() {\ncall void @f%u()\nret void\n}\n",
                       i, i + 1);
    tj_text_printf(&text, "define internal void @f%u() {\nret void\n}\n", LENGTH);
    loaded l = load_good(text.data);
    unload(&l);
    tj_text_fini(&text);
}

/* Each function calls the next one twice: 2^40 instructions in 40 functions. */
static void exploding_calls_are_refused(void **state)
{
    (void)state;
    tj_text text = {0};
    tj_text_puts(&text, "define void @k() \"tmjit.kernel\" {\ncall void @f0()\nret void\n}\n");
    for (unsigned i = 0; i < 40; i++)
        tj_text_printf(&text,
                       "define internal void @f%u() {\ncall void @f%u()\ncall void @f%u()\n"
                       "ret void\n}\n",
                       i, i + 1, i + 1);
    tj_text_puts(&text, "define internal void @f40() {\nret void\n}\n");
    assert_refused(text.data, TJ_E_UNSUPPORTED,
                   "more than 1048576 instructions when all calls are inlined", 0);
    tj_text_fini(&text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(refusals_name_thing_and_place),
        cmocka_unit_test(the_rendered_message_has_everything),
        cmocka_unit_test(the_language_is_accepted),
        cmocka_unit_test(every_row_is_accepted_with_its_signature),
        cmocka_unit_test(every_row_is_refused_with_another_signature),
        cmocka_unit_test(shared_constants_do_not_explode),
        cmocka_unit_test(long_call_chains_are_walked),
        cmocka_unit_test(exploding_calls_are_refused),
    };
    return cmocka_run_group_tests_name("check", tests, NULL, NULL);
}
