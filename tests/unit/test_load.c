/* SPDX-License-Identifier: MIT */
/* tj_load and tj_extract: what is read from good modules and what is refused. */
#include "load_util.h"

#include <llvm-c/BitWriter.h>
#include <llvm-c/Core.h>
#include <llvm-c/IRReader.h>
#include <llvm-c/Target.h>
#include <pthread.h>
#include <stdlib.h>

#define AIR_LAYOUT                                                                             \
    "e-p:64:64:64-i1:8:8-i8:8:8-i16:16:16-i32:32:32-i64:64:64-f32:32:32-f64:64:64-"            \
    "v16:16:16-v24:32:32-v32:32:32-v48:64:64-v64:64:64-v96:128:128-v128:128:128-"              \
    "v192:256:256-v256:256:256-v512:512:512-v1024:1024:1024-n8:16:32"

/* As Apple's compiler writes it: typed pointers, old attribute names. */
static const char apple[] =
    "source_filename = \"k.metal\"\n"
    "target datalayout = \"" AIR_LAYOUT "\"\n"
    "target triple = \"air64-apple-macosx12.0.0\"\n"
    "%\"struct.metal::_atomic\" = type { i32 }\n"
    "%struct.Params = type { i32, [4 x float], <4 x half> }\n"
    "; Function Attrs: convergent nounwind\n"
    "define void @hist(float addrspace(1)* nocapture noundef readonly "
    "\"air-buffer-no-alias\" %0, %struct.Params addrspace(2)* nocapture noundef readonly "
    "align 8 dereferenceable(32) %1, %\"struct.metal::_atomic\" addrspace(1)* nocapture %2, "
    "<4 x half> addrspace(3)* %3, <2 x i32> noundef %4, i16 %5) local_unnamed_addr #0 {\n"
    "  %7 = extractelement <2 x i32> %4, i64 0\n"
    "  %8 = zext i32 %7 to i64\n"
    "  %9 = getelementptr inbounds float, float addrspace(1)* %0, i64 %8\n"
    "  %10 = load float, float addrspace(1)* %9, align 4, !tbaa !30\n"
    "  %11 = tail call fast float @air.fast_fabs.f32(float %10) #2\n"
    "  %12 = fptoui float %11 to i32\n"
    "  %13 = zext i32 %12 to i64\n"
    "  %14 = getelementptr inbounds %\"struct.metal::_atomic\", %\"struct.metal::_atomic\" "
    "addrspace(1)* %2, i64 %13, i32 0\n"
    "  %15 = tail call i32 @air.atomic.global.add.u.i32(i32 addrspace(1)* nocapture %14, i32 "
    "1, i32 0, i32 2, i1 true) #3\n"
    "  ret void\n"
    "}\n"
    "declare float @air.fast_fabs.f32(float) #1\n"
    "declare i32 @air.atomic.global.add.u.i32(i32 addrspace(1)* nocapture, i32, i32, i32, i1)\n"
    "attributes #0 = { convergent nofree nounwind argmemonly \"frame-pointer\"=\"all\" }\n"
    "attributes #1 = { nofree nosync nounwind readnone willreturn mustprogress }\n"
    "attributes #2 = { nounwind readnone willreturn }\n"
    "attributes #3 = { nounwind willreturn }\n"
    "!air.kernel = !{!0}\n"
    "!air.version = !{!20}\n"
    "!air.compile_options = !{!21, !22}\n"
    "!llvm.module.flags = !{!23}\n"
    "!0 = !{void (float addrspace(1)*, %struct.Params addrspace(2)*, "
    "%\"struct.metal::_atomic\" addrspace(1)*, <4 x half> addrspace(3)*, <2 x i32>, i16)* "
    "@hist, !1, !2, !10}\n"
    "!1 = !{}\n"
    "!2 = !{!3, !4, !5, !6, !7, !8}\n"
    "!3 = !{i32 0, !\"air.buffer\", !\"air.location_index\", i32 0, i32 1, !\"air.read\", "
    "!\"air.arg_type_size\", i32 4, !\"air.arg_type_align_size\", i32 4, "
    "!\"air.arg_type_name\", !\"float\", !\"air.arg_name\", !\"air.read\"}\n"
    "!4 = !{i32 1, !\"air.buffer\", !\"air.buffer_size\", i32 32, !\"air.location_index\", "
    "i32 3, i32 1, !\"air.read\", !\"air.address_space\", i32 2, !\"air.struct_type_info\", "
    "!9, !\"air.arg_type_size\", i32 32, !\"air.arg_type_align_size\", i32 8, "
    "!\"air.arg_type_name\", !\"Params\", !\"air.arg_name\", !\"params\", "
    "!\"air.arg_unused\"}\n"
    "!5 = !{i32 2, !\"air.buffer\", !\"air.location_index\", i32 1, i32 1, "
    "!\"air.read_write\", !\"air.address_space\", i32 1, !\"air.raster_order_group\", i32 0, "
    "!\"air.struct_type_info\", !11, !\"air.arg_type_size\", i32 4, "
    "!\"air.arg_type_align_size\", i32 4, !\"air.arg_type_name\", !\"metal::_atomic\", "
    "!\"air.arg_name\", !\"bins\"}\n"
    "!6 = !{i32 3, !\"air.buffer\", !\"air.location_index\", i32 0, i32 1, "
    "!\"air.read_write\", !\"air.address_space\", i32 3, !\"air.arg_type_size\", i32 8, "
    "!\"air.arg_type_align_size\", i32 8, !\"air.arg_type_name\", !\"half4\", "
    "!\"air.arg_name\", !\"scratch\"}\n"
    "!7 = !{i32 4, !\"air.thread_position_in_grid\", !\"air.arg_type_name\", !\"uint2\", "
    "!\"air.arg_name\", !\"gid\"}\n"
    "!8 = !{i32 5, !\"air.thread_index_in_simdgroup\", !\"air.arg_type_name\", !\"ushort\", "
    "!\"air.arg_name\", !\"lane\", !\"air.arg_unused\"}\n"
    "!9 = !{i32 0, i32 4, i32 0, !\"uint\", !\"count\", i32 4, i32 4, i32 4, !\"float\", "
    "!\"weights\", !\"air.indirect_argument\", !1, i32 24, i32 8, i32 0, !\"half4\", !\"c\"}\n"
    "!10 = !{!\"air.max_work_group_size\", i32 256}\n"
    "!11 = !{i32 0, i32 4, i32 0, !\"uint\", !\"__s\"}\n"
    "!20 = !{i32 2, i32 4, i32 0}\n"
    "!21 = !{!\"air.compile.denorms_disable\"}\n"
    "!22 = !{!\"air.compile.fast_math_enable\"}\n"
    "!23 = !{i32 7, !\"air.max_device_buffers\", i32 31}\n"
    "!30 = !{!31, !31, i64 0}\n"
    "!31 = !{!\"float\", !32, i64 0}\n"
    "!32 = !{!\"omnipotent char\"}\n";

static void assert_apple_buffers(const tj_arg *args)
{
    assert_int_equal(args[0].kind, TJ_ARG_BUFFER);
    assert_string_equal(args[0].name, "air.read"); /* a name is not a key */
    assert_string_equal(args[0].type_name, "float");
    assert_int_equal(args[0].access, TJ_ACCESS_READ);
    assert_int_equal(args[0].address_space, 1); /* from the IR: AIR 2.4 has no key for it */
    assert_elem(&args[0], TJ_SCALAR_F32, 1, 4, 4);
    assert_string_equal(args[1].name, "params");
    assert_int_equal(args[1].location, 3);
    assert_int_equal(args[1].fixed_byte_len, 32);
    assert_true(args[1].is_unused);
    assert_elem(&args[1], TJ_SCALAR_UNKNOWN, 1, 32, 8);
    assert_int_equal(args[1].field_count, 3);
    assert_string_equal(args[1].fields[1].name, "weights");
    assert_string_equal(args[1].fields[1].type_name, "float");
    assert_int_equal(args[1].fields[1].array_len, 4);
    assert_int_equal(args[1].fields[2].byte_offset, 24);
    assert_int_equal(args[2].access, TJ_ACCESS_READ_WRITE);
    assert_string_equal(args[2].type_name, "metal::_atomic");
    assert_elem(&args[2], TJ_SCALAR_U32, 1, 4, 4);
    assert_int_equal(args[3].kind, TJ_ARG_THREADGROUP);
    assert_int_equal(args[3].location, 0); /* a number space of its own */
    assert_elem(&args[3], TJ_SCALAR_F16, 4, 8, 8);
}

static void assert_apple(const tj_unit *unit)
{
    assert_int_equal(unit->kernel_count, 1);
    const tj_kernel *k = tj_find_kernel(unit, "hist");
    assert_non_null(k);
    assert_null(tj_find_kernel(unit, "his"));
    assert_int_equal(k->max_threads, 256);
    assert_int_equal(k->arg_count, 6);
    assert_apple_buffers(k->args);
    assert_int_equal(k->args[4].kind, TJ_ARG_SYSVAL);
    assert_int_equal(k->args[4].sysval, TJ_SYSVAL_THREAD_POSITION_IN_GRID);
    assert_int_equal(k->args[4].sysval_components, 2);
    assert_int_equal(k->args[4].sysval_bits, 32);
    assert_int_equal(k->args[5].sysval, TJ_SYSVAL_THREAD_INDEX_IN_SIMDGROUP);
    assert_int_equal(k->args[5].sysval_bits, 16);
    assert_string_equal(k->args[5].type_name, "ushort");
    assert_true(k->args[5].is_unused);
    assert_true(unit->flush_subnormals);
    assert_int_equal(unit->air_major, 2);
    assert_int_equal(unit->air_minor, 4);
}

static void test_apple_text_with_typed_pointers(void **state)
{
    (void)state;
    loaded l = load_good(apple);
    assert_apple(l.unit);
    unload(&l);
}

/* The text as bitcode, made by LLVM alone. `prefix` bytes of room are left in front. */
static char *to_bitcode(const char *text, size_t prefix, size_t *byte_len)
{
    LLVMContextRef llctx = LLVMContextCreate();
    LLVMMemoryBufferRef source =
        LLVMCreateMemoryBufferWithMemoryRangeCopy(text, strlen(text), "k");
    LLVMModuleRef module = NULL;
    char *message = NULL;
    assert_false(LLVMParseIRInContext2(llctx, source, &module, &message));
    LLVMSetTarget(module, ""); /* LLVM wraps what it writes for Apple's systems */
    LLVMMemoryBufferRef code = LLVMWriteBitcodeToMemoryBuffer(module);
    *byte_len = prefix + LLVMGetBufferSize(code);
    char *bytes = calloc(1, *byte_len);
    assert_non_null(bytes);
    memcpy(bytes + prefix, LLVMGetBufferStart(code), LLVMGetBufferSize(code));
    LLVMDisposeMemoryBuffer(code);
    LLVMDisposeMemoryBuffer(source);
    LLVMDisposeModule(module);
    LLVMContextDispose(llctx);
    return bytes;
}

static void test_bitcode(void **state)
{
    (void)state;
    size_t byte_len;
    char *bytes = to_bitcode(apple, 0, &byte_len);
    loaded l = load_bytes(bytes, byte_len, "k.air");
    assert_int_equal(l.status, TJ_OK);
    assert_apple(l.unit);
    unload(&l);
    free(bytes);
}

static void put_u32(char *at, uint32_t value)
{
    for (int i = 0; i < 4; i++)
        at[i] = (char)(value >> (8 * i));
}

static void test_wrapped_bitcode(void **state)
{
    (void)state;
    size_t byte_len;
    char *bytes = to_bitcode(apple, 20, &byte_len);
    const uint32_t header[] = {0x0B17C0DE, 0, 20, (uint32_t)byte_len - 20, 0xFFFFFFFF};
    for (size_t i = 0; i < 5; i++)
        put_u32(bytes + 4 * i, header[i]);
    loaded l = load_bytes(bytes, byte_len, "k.air");
    assert_int_equal(l.status, TJ_OK);
    assert_apple(l.unit);
    unload(&l);
    put_u32(bytes + 12, 0x7fffffff); /* a size beyond the end */
    l = load_bytes(bytes, byte_len, "k.air");
    assert_int_equal(l.status, TJ_E_MALFORMED);
    assert_null(l.unit);
    unload(&l);
    free(bytes);
}

static void test_truncated_bitcode(void **state)
{
    (void)state;
    size_t byte_len;
    char *bytes = to_bitcode(apple, 0, &byte_len);
    for (size_t part = 0; part < byte_len; part += 37) {
        loaded l = load_bytes(bytes, part, "k.air");
        assert_int_not_equal(l.status, TJ_OK);
        assert_non_null(l.diags.first.message);
        unload(&l);
    }
    free(bytes);
}

/* ---- !air.kernel --------------------------------------------------------------------- */

#define BUFFER "!\"air.buffer\", !\"air.location_index\", i32 0, i32 1, !\"air.read\""

static void test_metadata_refusals(void **state)
{
    (void)state;
    static const struct {
        const char *kernel, *list, *arg, *message;
        tj_status status;
    } rows[] = {
        {"ptr @k, !1, !2", "!3", "i32 0, " BUFFER, NULL, TJ_OK},
        {"ptr @k, !1, !2", "!3", "i32 0, " BUFFER ", !\"air.new_key\", i32 4, null, !1", NULL,
         TJ_OK},
        {"null, !1, !2", "!3", "i32 0, " BUFFER, "no kernel", TJ_E_MALFORMED},
        {"i32 4, !1, !2", "!3", "i32 0, " BUFFER, "does not start with a function",
         TJ_E_MALFORMED},
        {"!\"k\", !1, !2", "!3", "i32 0, " BUFFER, "does not start with a function",
         TJ_E_MALFORMED},
        {"", "!3", "i32 0, " BUFFER, "does not start with a function", TJ_E_MALFORMED},
        {"ptr @d, !1, !2", "!3", "i32 0, " BUFFER, "has no body", TJ_E_MALFORMED},
        {"ptr @k, !1", "!3", "i32 0, " BUFFER, "no argument list", TJ_E_MALFORMED},
        {"ptr @k, !1, !\"x\"", "!3", "i32 0, " BUFFER, "no argument list", TJ_E_MALFORMED},
        {"ptr @k, !1, null", "!3", "i32 0, " BUFFER, "no argument list", TJ_E_MALFORMED},
        {"ptr @k, !1, !2", "", "i32 0", "0 argument nodes for 1 parameters", TJ_E_MALFORMED},
        {"ptr @k, !1, !2", "!3, !3", "i32 0, " BUFFER, "2 argument nodes for 1 parameters",
         TJ_E_MALFORMED},
        {"ptr @k, !1, !2", "null, null", "i32 0", "2 argument nodes for 1 parameters",
         TJ_E_MALFORMED},
        {"ptr @k, !1, !2", "!3", "", "does not start with a parameter index", TJ_E_MALFORMED},
        {"ptr @k, !1, !2", "!3", "i32 1, " BUFFER, "for parameter 1 of 1", TJ_E_MALFORMED},
        {"ptr @k, !1, !2", "!3", "i32 -1, " BUFFER, "for parameter 4294967295 of 1",
         TJ_E_MALFORMED},
        {"ptr @k, !1, !2", "!3", "i128 0, " BUFFER, "does not start with a parameter index",
         TJ_E_MALFORMED},
        {"ptr @k, !1, !2", "!3", "i32 0", "names no kind of argument", TJ_E_MALFORMED},
        {"ptr @k, !1, !2", "!3", "i32 0, !\"air.texture\"", "argument kind 'air.texture'",
         TJ_E_UNSUPPORTED},
        {"ptr @k, !1, !2", "!3", "i32 0, !\"air.sampler\"", "argument kind 'air.sampler'",
         TJ_E_UNSUPPORTED},
        {"ptr @k, !1, !2", "!3", "i32 0, !\"air.indirect_buffer\"",
         "argument 0 ('p'): air.location_index is missing", TJ_E_MALFORMED},
        {"ptr @k, !1, !2", "!3", "i32 0, !\"buffer\"", "argument kind 'buffer'",
         TJ_E_MALFORMED},
        {"ptr @k, !1, !2", "!3", "i32 0, !\"air.grid_size\"",
         "'ptr addrspace(1)' cannot be 'grid_size'", TJ_E_MALFORMED},
        {"ptr @k, !1, !2", "!3", "i32 0, !\"air.buffer\"", "air.location_index is missing",
         TJ_E_MALFORMED},
        {"ptr @k, !1, !2", "!3",
         "i32 0, !\"air.buffer\", !\"air.location_index\", i32 31, i32 1",
         "air.location_index is 31; accepted are 0 to 30", TJ_E_MALFORMED},
        {"ptr @k, !1, !2", "!3",
         "i32 0, !\"air.buffer\", !\"air.location_index\", i32 1, i32 2",
         "an array of 2 buffers", TJ_E_UNSUPPORTED},
        {"ptr @k, !1, !2", "!3", "i32 0, !\"air.buffer\", !\"air.location_index\", i32 1",
         "'air.location_index' is followed by the wrong kind of operand", TJ_E_MALFORMED},
        {"ptr @k, !1, !2", "!3", "i32 0, " BUFFER ", !\"air.arg_name\", i32 1",
         "'air.arg_name' is followed by the wrong kind", TJ_E_MALFORMED},
        {"ptr @k, !1, !2", "!3", "i32 0, " BUFFER ", !\"air.arg_type_size\", !\"4\"",
         "'air.arg_type_size' is followed by the wrong kind", TJ_E_MALFORMED},
        {"ptr @k, !1, !2", "!3", "i32 0, " BUFFER ", !\"air.struct_type_info\"",
         "'air.struct_type_info' is followed by the wrong kind", TJ_E_MALFORMED},
        {"ptr @k, !1, !2", "!3", "i32 0, " BUFFER ", !\"air.address_space\", i32 2",
         "air.address_space is 2, the parameter's is 1", TJ_E_MALFORMED},
        {"ptr @k, !1, !2, !{!\"air.max_work_group_size\"}", "!3", "i32 0, " BUFFER,
         "air.max_work_group_size without a number", TJ_E_MALFORMED},
        {"ptr @k, !1, !2, !{!\"air.max_work_group_size\", i32 2000}", "!3", "i32 0, " BUFFER,
         "at most 2000 threads", TJ_E_MALFORMED},
    };
    tj_arena *arena = tj_arena_create();
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const char *text = tj_arena_printf(
            arena,
            "declare void @d()\n"
            "define void @k(ptr addrspace(1) %%p) {\n  ret void\n}\n"
            "!air.kernel = !{!0}\n!0 = !{%s}\n!1 = !{}\n!2 = !{%s}\n!3 = !{%s}\n",
            rows[i].kernel, rows[i].list, rows[i].arg);
        loaded l = {0};
        if (rows[i].status)
            assert_refused(text, rows[i].status, rows[i].message, 0);
        else
            l = load_good(text);
        unload(&l);
    }
    tj_arena_destroy(arena);
}

static void test_two_parameters(void **state)
{
    (void)state;
    static const char head[] =
        "define void @k(ptr addrspace(1) %p, ptr addrspace(2) %q) {\n  ret void\n}\n"
        "!air.kernel = !{!0}\n!0 = !{ptr @k, !1, !2}\n!1 = !{}\n!2 = !{!3, !4}\n"
        "!3 = !{i32 0, !\"air.buffer\", !\"air.location_index\", i32 5, i32 1}\n";
    tj_arena *arena = tj_arena_create();
    assert_refused(tj_arena_printf(arena, "%s!4 = !{i32 0, " BUFFER "}\n", head),
                   TJ_E_MALFORMED, "two argument nodes for one parameter", 1);
    assert_refused(tj_arena_printf(arena,
                                   "%s!4 = !{i32 1, !\"air.buffer\", "
                                   "!\"air.location_index\", i32 5, i32 1}\n",
                                   head),
                   TJ_E_MALFORMED, "buffer(5) belongs to argument 0 already", 1);
    loaded l = load_good(tj_arena_printf(arena,
                                         "%s!4 = !{i32 1, !\"air.buffer\", "
                                         "!\"air.location_index\", i32 6, i32 1}\n",
                                         head));
    assert_int_equal(l.unit->kernels[0].args[0].access, TJ_ACCESS_READ_WRITE);
    assert_int_equal(l.unit->kernels[0].args[1].access, TJ_ACCESS_READ);
    assert_string_equal(l.unit->kernels[0].args[1].name, "q");
    unload(&l);
    tj_arena_destroy(arena);
}

static void test_kernel_listed_twice(void **state)
{
    (void)state;
    assert_refused("define void @k() {\n  ret void\n}\n!air.kernel = !{!0, !0}\n"
                   "!0 = !{ptr @k, !1, !1}\n!1 = !{}\n",
                   TJ_E_MALFORMED, "listed twice", 1);
}

/* Name in the metadata, then what it means. */
static void test_type_names(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        tj_scalar scalar;
        unsigned components, byte_len, align;
    } rows[] = {
        {"bool", TJ_SCALAR_BOOL, 1, 1, 1},
        {"char", TJ_SCALAR_I8, 1, 1, 1},
        {"uchar4", TJ_SCALAR_U8, 4, 4, 4},
        {"short2", TJ_SCALAR_I16, 2, 4, 4},
        {"ushort", TJ_SCALAR_U16, 1, 2, 2},
        {"int", TJ_SCALAR_I32, 1, 4, 4},
        {"uint3", TJ_SCALAR_U32, 3, 16, 16},
        {"long", TJ_SCALAR_I64, 1, 8, 8},
        {"ulong2", TJ_SCALAR_U64, 2, 16, 16},
        {"half3", TJ_SCALAR_F16, 3, 8, 8},
        {"packed_half3", TJ_SCALAR_F16, 3, 6, 2},
        {"bfloat", TJ_SCALAR_BF16, 1, 2, 2},
        {"float*", TJ_SCALAR_F32, 1, 4, 4},
        {"float4x4", TJ_SCALAR_F32, 16, 64, 16},
        {"half2x3", TJ_SCALAR_F16, 8, 16, 8},
        {"atomic_int", TJ_SCALAR_I32, 1, 4, 4},
        {"metal::float2", TJ_SCALAR_F32, 2, 8, 8},
        {"uint32_t", TJ_SCALAR_U32, 1, 4, 4},
        {"packed_float", TJ_SCALAR_UNKNOWN, 1, 0, 0},
        {"void", TJ_SCALAR_UNKNOWN, 1, 0, 0},
        {"float1", TJ_SCALAR_UNKNOWN, 1, 0, 0},
        {"int2x2", TJ_SCALAR_UNKNOWN, 1, 0, 0},
        {"atomic_int2", TJ_SCALAR_UNKNOWN, 1, 0, 0},
        {"4", TJ_SCALAR_UNKNOWN, 1, 0, 0},
        {"x4", TJ_SCALAR_UNKNOWN, 1, 0, 0},
    };
    tj_arena *arena = tj_arena_create();
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        loaded l = load_good(tj_arena_printf(
            arena,
            "define void @k(ptr addrspace(1) %%p) {\n  ret void\n}\n"
            "!air.kernel = !{!0}\n!0 = !{ptr @k, !1, !2}\n!1 = !{}\n!2 = !{!3}\n"
            "!3 = !{i32 0, " BUFFER ", !\"air.arg_type_name\", !\"%s\"}\n",
            rows[i].name));
        assert_elem(&l.unit->kernels[0].args[0], rows[i].scalar, rows[i].components,
                    rows[i].byte_len, rows[i].align);
        unload(&l);
    }
    tj_arena_destroy(arena);
}

/* ---- bytes --------------------------------------------------------------------------- */

static void test_parse_errors_have_places(void **state)
{
    (void)state;
    assert_refused("", TJ_E_MALFORMED, "the input is empty", 0);
    assert_refused("define void @k() {\n  ret i33\n}\n", TJ_E_MALFORMED, "expected value", 3);
    assert_refused("\n\nkernel void k() {}\n", TJ_E_MALFORMED, "expected top-level entity", 3);
    assert_refused("define void @k() {\n  %a = add i32 1, %b\n  ret void\n}\n", TJ_E_MALFORMED,
                   "use of undefined value '%b'", 2);
    loaded l = load_text("define void @k() {\n  ret i33\n}\n");
    assert_int_equal(l.diags.first.loc.column, 1);
    unload(&l);
    l = load_bytes("BC\xC0\xDE", 4, NULL);
    assert_int_equal(l.status, TJ_E_MALFORMED);
    assert_string_equal(l.diags.first.loc.file, "<memory>");
    unload(&l);
}

/* A use that its definition does not dominate; LLVM's reader aborts on this by itself when
 * the module has debug information. */
static void test_broken_module(void **state)
{
    (void)state;
    tj_arena *arena = tj_arena_create();
    for (int has_flag = 0; has_flag < 2; has_flag++) {
        const char *flag = has_flag ? "!llvm.module.flags = !{!0}\n"
                                      "!0 = !{i32 2, !\"Debug Info Version\", i32 3}\n"
                                    : "";
        assert_refused(tj_arena_printf(arena,
                                       "define void @k(i1 %%c) \"tmjit.kernel\" {\n"
                                       "  br i1 %%c, label %%a, label %%b\n"
                                       "a:\n  %%v = add i32 1, 2\n  br label %%b\n"
                                       "b:\n  %%w = add i32 %%v, 2\n  ret void\n}\n%s",
                                       flag),
                       TJ_E_MALFORMED, "Instruction does not dominate all uses", 4);
    }
    tj_arena_destroy(arena);
}

static void test_layouts(void **state)
{
    (void)state;
    static const struct {
        const char *layout;
        bool is_good;
    } rows[] = {
        {AIR_LAYOUT, true},
        {"", true},
        {"e-m:e-p270:32:32-p271:32:32-p272:64:64-i64:64-i128:128-f80:128-n8:16:32:64-S128",
         true},
        {"e-p:32:32", false},
        {"E-p:64:64:64-i64:64:64", false},
        {"e-p3:32:32-i64:64", false},
        {"e-p:64:64:64-i32:64", false},
    };
    tj_arena *arena = tj_arena_create();
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const char *text = tj_arena_printf(arena,
                                           "target datalayout = \"%s\"\n"
                                           "define void @k() \"tmjit.kernel\" {\n"
                                           "  ret void\n}\n",
                                           rows[i].layout);
        if (!rows[i].is_good) {
            assert_refused(text, TJ_E_UNSUPPORTED, "gives types other sizes", 0);
            continue;
        }
        loaded l = load_good(text);
        assert_string_equal(LLVMGetDataLayoutStr(l.unit->module), AIR_LAYOUT);
        unload(&l);
    }
    tj_arena_destroy(arena);
}

/* Every byte of good bitcode changed once: refused or accepted, never fatal. */
static void test_changed_bitcode(void **state)
{
    (void)state;
    size_t byte_len;
    char *bytes = to_bitcode(apple, 0, &byte_len);
    for (size_t at = 0; at < byte_len; at += 41) {
        bytes[at] ^= 0x55;
        loaded l = load_bytes(bytes, byte_len, "k.air");
        assert_int_equal(l.status == TJ_OK, l.unit != NULL);
        unload(&l);
        bytes[at] ^= 0x55;
    }
    free(bytes);
}

/* ---- tj_extract ---------------------------------------------------------------------- */

static const char three_kernels[] =
    "@used = internal addrspace(2) constant [4 x float] zeroinitializer\n"
    "@unused = internal addrspace(3) global [32 x float] undef\n"
    "declare float @air.fabs.f32(float)\n"
    "declare float @air.sqrt.f32(float)\n"
    "define float @h(float %x) {\n"
    "  %r = call float @air.fabs.f32(float %x)\n  ret float %r\n}\n"
    "define void @a(ptr addrspace(1) %p) {\n"
    "  %v = load float, ptr addrspace(2) @used\n"
    "  %r = call float @h(float %v)\n"
    "  store float %r, ptr addrspace(1) %p\n  ret void\n}\n"
    "define void @b() {\n"
    "  %r = call float @air.sqrt.f32(float 1.0)\n"
    "  store float %r, ptr addrspace(3) @unused\n  ret void\n}\n"
    "define void @c() {\n  ret void\n}\n"
    "!air.kernel = !{!0, !5, !6}\n!air.compile_options = !{!4}\n"
    "!0 = !{ptr @a, !1, !2}\n!1 = !{}\n!2 = !{!3}\n"
    "!3 = !{i32 0, " BUFFER ", !\"air.struct_type_info\", !7, !\"air.arg_name\", !\"out\"}\n"
    "!4 = !{!\"air.compile.denorms_disable\"}\n"
    "!5 = !{ptr @b, !1, !1}\n!6 = !{ptr @c, !1, !1}\n"
    "!7 = !{i32 0, i32 4, i32 0, !\"float\", !\"x\"}\n";

static void test_extract_one_of_three(void **state)
{
    (void)state;
    loaded l = load_good(three_kernels);
    tj_unit *unit = NULL;
    assert_int_equal(l.unit->kernel_count, 3);
    assert_int_equal(tj_extract(l.unit, "a", &l.diags, &unit), TJ_OK);
    assert_ptr_not_equal(unit->llctx, l.unit->llctx);
    unload(&l); /* the copy stands alone */
    assert_int_equal(unit->kernel_count, 1);
    const tj_kernel *k = &unit->kernels[0];
    assert_string_equal(k->name, "a");
    assert_string_equal(k->args[0].name, "out");
    assert_string_equal(k->args[0].fields[0].name, "x");
    assert_ptr_equal(k->function, LLVMGetNamedFunction(unit->module, "a"));
    assert_true(unit->flush_subnormals);
    assert_string_equal(unit->file, "k.ll");
    assert_non_null(LLVMGetNamedFunction(unit->module, "h"));
    assert_non_null(LLVMGetNamedGlobal(unit->module, "used"));
    assert_null(LLVMGetNamedFunction(unit->module, "b"));
    assert_null(LLVMGetNamedFunction(unit->module, "c"));
    assert_null(LLVMGetNamedFunction(unit->module, "air.sqrt.f32"));
    assert_null(LLVMGetNamedGlobal(unit->module, "unused"));
    tj_loc loc = tj_loc_of(unit->arena, unit,
                           LLVMGetFirstInstruction(LLVMGetEntryBasicBlock(k->function)));
    assert_string_equal(loc.file, "k.ll");
    assert_int_equal(loc.line, 10);
    assert_string_equal(loc.kernel, "a");
    tj_unit_destroy(unit);
}

static unsigned line_of_first(const tj_unit *unit, bool (*is_wanted)(LLVMValueRef inst))
{
    LLVMBasicBlockRef entry = LLVMGetEntryBasicBlock(unit->kernels[0].function);
    LLVMValueRef inst = LLVMGetFirstInstruction(entry);
    while (!is_wanted(inst))
        inst = LLVMGetNextInstruction(inst);
    return tj_loc_of(unit->arena, unit, inst).line;
}

static bool is_load(LLVMValueRef inst)
{
    return LLVMIsALoadInst(inst) != NULL;
}

static bool is_call(LLVMValueRef inst)
{
    return LLVMIsACallInst(inst) != NULL;
}

/* Only calls have places, and what it is taken from keeps all. */
static void test_extract_bare(void **state)
{
    (void)state;
    loaded l = load_good(three_kernels);
    tj_unit *bare = NULL, *again = NULL, *whole = NULL;
    assert_int_equal(tj_extract_bare(l.unit, "a", &l.diags, &bare), TJ_OK);
    assert_int_equal(tj_extract_bare(l.unit, "a", &l.diags, &again), TJ_OK);
    assert_int_equal(tj_extract(l.unit, "a", &l.diags, &whole), TJ_OK);
    assert_int_equal(tj_extract_bare(l.unit, "h", &l.diags, &whole), TJ_E_NOT_FOUND);
    assert_int_equal(line_of_first(l.unit, is_load), 10);
    unload(&l);
    assert_int_equal(line_of_first(whole, is_load), 10);
    assert_int_equal(line_of_first(whole, is_call), 11);
    assert_int_equal(line_of_first(bare, is_load), 0);
    assert_int_equal(line_of_first(bare, is_call), 11);
    assert_int_equal(line_of_first(again, is_load), 0);
    assert_null(LLVMGetNamedFunction(bare->module, "b"));
    tj_unit_destroy(bare);
    tj_unit_destroy(again);
    tj_unit_destroy(whole);
}

/* What is left of a module can be printed and loaded again. */
static void test_extracted_module_loads_again(void **state)
{
    (void)state;
    loaded l = load_good(three_kernels);
    tj_unit *unit = NULL;
    assert_int_equal(tj_extract(l.unit, "c", &l.diags, &unit), TJ_OK);
    char *printed = LLVMPrintModuleToString(unit->module);
    loaded again = load_good(printed);
    assert_int_equal(again.unit->kernel_count, 1);
    assert_string_equal(again.unit->kernels[0].name, "c");
    unload(&again);
    LLVMDisposeMessage(printed);
    tj_unit_destroy(unit);
    unload(&l);
}

/* Units of one module in several threads, each on its own context. */
static void *load_and_extract(void *argument)
{
    int *failures = argument;
    for (int i = 0; i < 20; i++) {
        loaded l = load_text(three_kernels);
        tj_unit *unit = NULL;
        *failures += l.status || tj_extract(l.unit, "a", &l.diags, &unit);
        tj_unit_destroy(unit);
        unload(&l);
    }
    return NULL;
}

static void test_threads(void **state)
{
    (void)state;
    pthread_t threads[4];
    int failures[4] = {0};
    for (int i = 0; i < 4; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, load_and_extract, &failures[i]), 0);
    for (int i = 0; i < 4; i++) {
        pthread_join(threads[i], NULL);
        assert_int_equal(failures[i], 0);
    }
}

static void test_extract_unknown(void **state)
{
    (void)state;
    loaded l = load_good(three_kernels);
    tj_unit *unit = NULL;
    assert_int_equal(tj_extract(l.unit, "h", &l.diags, &unit), TJ_E_NOT_FOUND);
    assert_null(unit);
    assert_string_equal(l.diags.first.message, "no kernel 'h'");
    unload(&l);
    tj_unit_destroy(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_apple_text_with_typed_pointers),
        cmocka_unit_test(test_bitcode),
        cmocka_unit_test(test_wrapped_bitcode),
        cmocka_unit_test(test_truncated_bitcode),
        cmocka_unit_test(test_metadata_refusals),
        cmocka_unit_test(test_two_parameters),
        cmocka_unit_test(test_kernel_listed_twice),
        cmocka_unit_test(test_type_names),
        cmocka_unit_test(test_parse_errors_have_places),
        cmocka_unit_test(test_broken_module),
        cmocka_unit_test(test_layouts),
        cmocka_unit_test(test_changed_bitcode),
        cmocka_unit_test(test_extract_one_of_three),
        cmocka_unit_test(test_extract_bare),
        cmocka_unit_test(test_extracted_module_loads_again),
        cmocka_unit_test(test_extract_unknown),
        cmocka_unit_test(test_threads),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
