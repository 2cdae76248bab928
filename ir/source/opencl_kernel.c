/* SPDX-License-Identifier: MIT */
/* Kernels of SPIR become kernels of AIR: parameters are memory only. A value becomes a constant
 * buffer that holds it, as Metal's `constant T &`, and is loaded where the kernel starts.
 * Buffers are numbered in the order of parameters, __local ones by themselves. What clang says
 * of the parameters (!kernel_arg_*) goes into !air.kernel. */
#include "air_meta.h"
#include "opencl_internal.h"
#include "params.h"
#include "source/describe.h"

#include <llvm-c/DebugInfo.h>
#include <llvm-c/Target.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_OPERANDS = 20 };

/* One parameter. */
typedef struct param {
    LLVMValueRef old;
    LLVMTypeRef value;    /* of a value: its type; NULL for pointers */
    bool is_struct;       /* passed by a pointer to a copy */
    unsigned space, slot; /* of the new one */
    const char *type, *base_type, *qualifiers;
    LLVMMetadataRef fields; /* of a struct; NULL: none */
} param;

typedef struct kernel {
    tj_unit *unit;
    LLVMValueRef old, now;
    param *params;
    unsigned count;
    uint64_t threadgroup[3]; /* of reqd_work_group_size; 0: not given */
} kernel;

/* ---- what clang says ------------------------------------------------------------------------
 */

static LLVMMetadataRef find_node(LLVMValueRef function, const char *name)
{
    size_t count;
    LLVMContextRef llctx = LLVMGetTypeContext(LLVMTypeOf(function));
    unsigned kind = LLVMGetMDKindIDInContext(llctx, name, (unsigned)strlen(name));
    LLVMValueMetadataEntry *list = LLVMGlobalCopyAllMetadata(function, &count);
    LLVMMetadataRef found = NULL;
    for (unsigned i = 0; i < count; i++)
        if (LLVMValueMetadataEntriesGetKind(list, i) == kind)
            found = LLVMValueMetadataEntriesGetMetadata(list, i);
    LLVMDisposeValueMetadataEntries(list);
    return found;
}

static LLVMValueRef operand(kernel *k, const char *name, unsigned index)
{
    LLVMMetadataRef node = find_node(k->old, name);
    if (!node)
        return NULL;
    LLVMValueRef value = LLVMMetadataAsValue(k->unit->llctx, node);
    unsigned count = LLVMGetMDNodeNumOperands(value);
    LLVMValueRef *list = tj_new_array(k->unit->arena, LLVMValueRef, count);
    LLVMGetMDNodeOperands(value, list);
    return index < count ? list[index] : NULL;
}

static const char *word(kernel *k, const char *name, unsigned index)
{
    unsigned byte_len = 0;
    LLVMValueRef value = operand(k, name, index);
    const char *text = value ? LLVMGetMDString(value, &byte_len) : NULL;
    return text ? tj_arena_strndup(k->unit->arena, text, byte_len) : "";
}

/* __attribute__((reqd_work_group_size(x, y, z))); clang has checked that none is 0. */
static tj_status read_threadgroup(kernel *k)
{
    uint64_t threads = 1, *size = k->threadgroup;
    for (unsigned i = 0; i < 3; i++) {
        LLVMValueRef value = operand(k, "reqd_work_group_size", i);
        if (!value || !LLVMIsAConstantInt(value))
            return TJ_OK;
        size[i] = LLVMConstIntGetZExtValue(value);
        threads = size[i] > TJ_MAX_THREADS ? TJ_MAX_THREADS + 1 : threads * size[i];
    }
    if (threads > TJ_MAX_THREADS)
        return tj_fail_kernel(k->unit, k->old, -1, TJ_E_UNSUPPORTED,
                              "reqd_work_group_size(%llu, %llu, %llu); a threadgroup has at most "
                              "%d threads",
                              (unsigned long long)size[0], (unsigned long long)size[1],
                              (unsigned long long)size[2], TJ_MAX_THREADS);
    return TJ_OK;
}

/* As the attribute of the short form, which says the same. */
static void set_threadgroup(kernel *k)
{
    static const char key[] = "tmjit.threadgroup";
    const char *size = tj_arena_printf(k->unit->arena, "%u,%u,%u", (unsigned)k->threadgroup[0],
                                       (unsigned)k->threadgroup[1], (unsigned)k->threadgroup[2]);
    LLVMContextRef llctx = k->unit->llctx;
    if (k->threadgroup[0])
        LLVMAddAttributeAtIndex(k->now, (unsigned)LLVMAttributeFunctionIndex,
                                LLVMCreateStringAttribute(llctx, key, sizeof key - 1, size,
                                                          (unsigned)strlen(size)));
}

/* ---- parameters -----------------------------------------------------------------------------
 */

static LLVMTypeRef copied_struct(LLVMValueRef function, unsigned index)
{
    unsigned kind = LLVMGetEnumAttributeKindForName("byval", 5);
    LLVMAttributeRef byval = LLVMGetEnumAttributeAtIndex(function, index + 1, kind);
    return byval ? LLVMGetTypeAttributeValue(byval) : NULL;
}

static tj_status refuse(kernel *k, unsigned index, const char *what)
{
    return tj_fail_kernel(k->unit, k->old, (int)index, TJ_E_UNSUPPORTED, "%s: %s",
                          k->params[index].type, what);
}

static tj_status read_param(kernel *k, unsigned index)
{
    static const struct {
        const char *part, *what;
    } refused[] = {{"image", "images are not supported"},
                   {"sampler_t", "samplers are not supported"},
                   {"pipe", "pipes are not supported"},
                   {"queue_t", "queues of devices are not supported"},
                   {"reserve_id_t", "pipes are not supported"}};
    param *p = &k->params[index];
    p->old = LLVMGetParam(k->old, index);
    LLVMTypeRef type = LLVMTypeOf(p->old);
    p->type = word(k, "kernel_arg_type", index);
    p->base_type = word(k, "kernel_arg_base_type", index);
    p->qualifiers = word(k, "kernel_arg_type_qual", index);
    p->space = TJ_AS_CONSTANT;
    p->fields = tj_describe_param(k->unit, k->old, index).fields;
    if (LLVMGetTypeKind(type) == LLVMTargetExtTypeKind || strstr(p->qualifiers, "pipe"))
        for (unsigned i = 0; i < sizeof refused / sizeof refused[0]; i++)
            if (strstr(p->base_type, refused[i].part) || strstr(p->qualifiers, refused[i].part))
                return refuse(k, index, refused[i].what);
    if (LLVMGetTypeKind(type) != LLVMPointerTypeKind) {
        p->value = type;
        return LLVMGetTypeKind(type) == LLVMTargetExtTypeKind
                   ? refuse(k, index, "no type of a kernel's argument here")
                   : TJ_OK;
    }
    p->value = copied_struct(k->old, index);
    p->is_struct = p->value != NULL;
    if (p->is_struct)
        return TJ_OK;
    p->space = LLVMGetPointerAddressSpace(type);
    if (p->space < TJ_AS_DEVICE || p->space > TJ_AS_THREADGROUP)
        return refuse(k, index, "a pointer that is neither __global, __constant nor __local");
    return TJ_OK;
}

static tj_status read_params(kernel *k)
{
    unsigned next[2] = {0, 0};
    k->count = LLVMCountParams(k->old);
    k->params = tj_new_array(k->unit->arena, param, k->count);
    for (unsigned i = 0; i < k->count; i++) {
        tj_status status = read_param(k, i);
        if (status)
            return status;
        k->params[i].slot = next[k->params[i].space == TJ_AS_THREADGROUP]++;
        if (k->params[i].slot >= TJ_MAX_BUFFERS)
            return tj_fail_kernel(k->unit, k->old, (int)i, TJ_E_UNSUPPORTED,
                                  "a kernel has at most %d buffers and values, and as many "
                                  "__local arguments",
                                  TJ_MAX_BUFFERS);
    }
    return TJ_OK;
}

/* ---- the function ---------------------------------------------------------------------------
 */

static LLVMValueRef add_function(kernel *k)
{
    LLVMTypeRef *types = tj_new_array(k->unit->arena, LLVMTypeRef, k->count);
    LLVMTypeRef nothing = LLVMVoidTypeInContext(k->unit->llctx);
    for (unsigned i = 0; i < k->count; i++)
        types[i] = LLVMPointerTypeInContext(k->unit->llctx, k->params[i].space);
    LLVMTypeRef type = LLVMFunctionType(nothing, types, k->count, false);
    return LLVMAddFunction(k->unit->module, "", type);
}

/* The value that the kernel reads in place of its parameter. */
static LLVMValueRef load_value(kernel *k, LLVMBuilderRef builder, const param *p,
                               LLVMValueRef memory)
{
    LLVMTargetDataRef layout = LLVMGetModuleDataLayout(k->unit->module);
    unsigned align = LLVMABIAlignmentOfType(layout, p->value);
    LLVMTypeRef i64 = LLVMInt64TypeInContext(k->unit->llctx);
    if (!p->is_struct) {
        LLVMValueRef load = LLVMBuildLoad2(builder, p->value, memory, "");
        LLVMSetAlignment(load, align);
        return load;
    }
    LLVMValueRef copy = LLVMBuildAlloca(builder, p->value, "");
    LLVMSetAlignment(copy, align);
    LLVMBuildMemCpy(builder, copy, align, memory, align,
                    LLVMConstInt(i64, LLVMABISizeOfType(layout, p->value), false));
    return copy;
}

/* Puts a value's load in front of the body. */
static void replace_value(kernel *k, LLVMBuilderRef builder, const param *p,
                          LLVMValueRef memory)
{
    size_t name_len;
    const char *name = LLVMGetValueName2(p->old, &name_len);
    name = tj_arena_strndup(k->unit->arena, name, name_len);
    LLVMValueRef value = load_value(k, builder, p, memory);
    LLVMReplaceAllUsesWith(p->old, value);
    LLVMSetValueName2(p->old, "", 0);
    LLVMSetValueName2(memory, name, name_len);
}

static void move_body(kernel *k)
{
    LLVMBuilderRef builder = LLVMCreateBuilderInContext(k->unit->llctx);
    LLVMBasicBlockRef block;
    size_t name_len;
    LLVMMetadataRef subprogram = LLVMGetSubprogram(k->old);
    while ((block = LLVMGetFirstBasicBlock(k->old))) {
        LLVMRemoveBasicBlockFromParent(block);
        LLVMAppendExistingBasicBlock(k->now, block);
    }
    LLVMPositionBuilderBefore(builder, LLVMGetFirstInstruction(LLVMGetEntryBasicBlock(k->now)));
    for (unsigned i = 0; i < k->count; i++) {
        const param *p = &k->params[i];
        LLVMValueRef now = LLVMGetParam(k->now, i);
        if (p->value) {
            replace_value(k, builder, p, now);
            continue;
        }
        const char *name = LLVMGetValueName2(p->old, &name_len);
        LLVMSetValueName2(now, tj_arena_strndup(k->unit->arena, name, name_len), name_len);
        LLVMReplaceAllUsesWith(p->old, now);
    }
    LLVMDisposeBuilder(builder);
    if (subprogram) {
        LLVMSetSubprogram(k->old, NULL);
        LLVMSetSubprogram(k->now, subprogram);
    }
    const char *name = LLVMGetValueName2(k->old, &name_len);
    name = tj_arena_strndup(k->unit->arena, name, name_len);
    LLVMDeleteFunction(k->old);
    LLVMSetValueName2(k->now, name, name_len);
}

/* ---- !air.kernel ----------------------------------------------------------------------------
 */

typedef struct node {
    tj_unit *unit;
    LLVMMetadataRef list[MAX_OPERANDS];
    unsigned count;
} node;

static void put_word(node *n, const char *text)
{
    n->list[n->count++] = LLVMMDStringInContext2(n->unit->llctx, text, strlen(text));
}

static void put_number(node *n, uint64_t number)
{
    LLVMTypeRef i32 = LLVMInt32TypeInContext(n->unit->llctx);
    n->list[n->count++] = LLVMValueAsMetadata(LLVMConstInt(i32, number, false));
}

static void put_pair(node *n, const char *key, uint64_t number)
{
    put_word(n, key);
    put_number(n, number);
}

static LLVMMetadataRef make_node(node *n)
{
    return LLVMMDNodeInContext2(n->unit->llctx, n->list, n->count);
}

/* "float __attribute__((ext_vector_type(3)))*" is float3 to AIR, "_Atomic(int)*" atomic_int. */
static const char *element_name(kernel *k, const param *p)
{
    static const char vector[] = " __attribute__((ext_vector_type(";
    const char *text = p->base_type, *length = strstr(text, vector);
    if (length)
        return tj_arena_printf(k->unit->arena, "%.*s%lu", (int)(length - text), text,
                               strtoul(length + strlen(vector), NULL, 10));
    size_t byte_len = strlen(text);
    while (byte_len && (text[byte_len - 1] == '*' || text[byte_len - 1] == ' '))
        byte_len--;
    const char *name = tj_arena_strndup(k->unit->arena, text, byte_len);
    if (strncmp(name, "_Atomic(", 8) == 0)
        return tj_arena_printf(k->unit->arena, "atomic_%.*s", (int)strcspn(name + 8, ")"),
                               name + 8);
    if (strncmp(name, "struct ", 7) == 0)
        return name + 7;
    return name;
}

/* Bytes of an element of memory, by its name; 0: not known by it. */
static unsigned named_bytes(const char *name)
{
    static const struct {
        const char *name;
        unsigned bytes;
    } rows[] = {
        {"char", 1},        {"uchar", 1},        {"short", 2},       {"ushort", 2},
        {"half", 2},        {"int", 4},          {"uint", 4},        {"float", 4},
        {"long", 8},        {"ulong", 8},        {"void", 1},        {"atomic_int", 4},
        {"atomic_uint", 4}, {"atomic_float", 4}, {"atomic_long", 8}, {"atomic_ulong", 8}};
    for (unsigned i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        size_t byte_len = strlen(rows[i].name);
        if (strncmp(name, rows[i].name, byte_len) != 0)
            continue;
        if (!name[byte_len])
            return rows[i].bytes;
        char *end;
        unsigned long length = strtoul(name + byte_len, &end, 10);
        if (!*end && length >= 2 && length <= 16)
            return rows[i].bytes * (length == 3 ? 4 : (unsigned)length);
    }
    return 0;
}

static LLVMMetadataRef param_node(kernel *k, unsigned index)
{
    const param *p = &k->params[index];
    LLVMTargetDataRef layout = LLVMGetModuleDataLayout(k->unit->module);
    node n = {.unit = k->unit};
    size_t name_len;
    const char *type = element_name(k, p);
    uint64_t size = p->value ? LLVMABISizeOfType(layout, p->value) : named_bytes(type);
    uint64_t align = p->value ? LLVMABIAlignmentOfType(layout, p->value) : size;
    bool is_read = p->space == TJ_AS_CONSTANT || strstr(p->qualifiers, "const");
    put_number(&n, index);
    put_word(&n, "air.buffer");
    if (p->value)
        put_pair(&n, "air.buffer_size", size);
    put_pair(&n, "air.location_index", p->slot);
    put_number(&n, 1);
    put_word(&n, is_read ? "air.read" : "air.read_write");
    put_pair(&n, "air.address_space", p->space);
    if (p->fields) {
        put_word(&n, "air.struct_type_info");
        n.list[n.count++] = p->fields;
    }
    if (size) {
        put_pair(&n, "air.arg_type_size", size);
        put_pair(&n, "air.arg_type_align_size", align > 16 ? 16 : align);
    }
    put_word(&n, "air.arg_type_name");
    put_word(&n, type);
    put_word(&n, "air.arg_name");
    put_word(&n, LLVMGetValueName2(LLVMGetParam(k->now, index), &name_len));
    return make_node(&n);
}

static void list_kernel(kernel *k)
{
    LLVMContextRef llctx = k->unit->llctx;
    LLVMMetadataRef *params = tj_new_array(k->unit->arena, LLVMMetadataRef, k->count);
    for (unsigned i = 0; i < k->count; i++)
        params[i] = param_node(k, i);
    node n = {.unit = k->unit};
    n.list[n.count++] = LLVMValueAsMetadata(k->now);
    n.list[n.count++] = LLVMMDNodeInContext2(llctx, NULL, 0);
    n.list[n.count++] = LLVMMDNodeInContext2(llctx, params, k->count);
    LLVMAddNamedMetadataOperand(k->unit->module, "air.kernel",
                                LLVMMetadataAsValue(llctx, make_node(&n)));
}

/* clang keeps a kernel's body in a function of its own, "__clang_ocl_kern_imp_NAME", which
 * other kernels may call too; when nobody else does, it takes the kernel's place and name. */
static LLVMValueRef take_body(tj_unit *unit, LLVMValueRef stub)
{
    size_t name_len;
    const char *name = LLVMGetValueName2(stub, &name_len);
    name = tj_arena_strndup(unit->arena, name, name_len);
    LLVMValueRef body = LLVMGetNamedFunction(
        unit->module, tj_arena_printf(unit->arena, "__clang_ocl_kern_imp_%s", name));
    LLVMUseRef use = body ? LLVMGetFirstUse(body) : NULL;
    if (!use || LLVMGetNextUse(use) || LLVMIsDeclaration(body) || LLVMGetFirstUse(stub) ||
        LLVMGlobalGetValueType(body) != LLVMGlobalGetValueType(stub))
        return stub;
    LLVMValueRef call = LLVMGetUser(use);
    if (!LLVMIsACallInst(call) ||
        LLVMGetBasicBlockParent(LLVMGetInstructionParent(call)) != stub)
        return stub;
    LLVMDeleteFunction(stub);
    LLVMSetValueName2(body, name, name_len);
    return body;
}

tj_status tj_ocl_kernels(tj_unit *unit)
{
    LLVMValueRef next;
    for (LLVMValueRef f = LLVMGetFirstFunction(unit->module); f; f = next) {
        next = LLVMGetNextFunction(f);
        if (LLVMGetFunctionCallConv(f) != LLVMSPIRKERNELCallConv || LLVMIsDeclaration(f))
            continue;
        kernel k = {.unit = unit, .old = f};
        tj_status status = read_threadgroup(&k);
        k.old = take_body(unit, f);
        if (k.old == next)
            next = LLVMGetNextFunction(next);
        if (!status)
            status = read_params(&k);
        if (status)
            return status;
        k.now = add_function(&k);
        move_body(&k);
        set_threadgroup(&k);
        list_kernel(&k);
    }
    return TJ_OK;
}
