/* SPDX-License-Identifier: MIT */
/* A kernel in AIR's form around clang's function: vectors are classes there and come by memory,
 * here built-in inputs are plain vectors. What the source says of each parameter becomes a node
 * of !air.kernel. */
#include "source/adopt.h"
#include "source/describe.h"

#include "air_meta.h"
#include "elem.h"

#include <llvm-c/Core.h>
#include <llvm-c/Target.h>
#include <string.h>

enum { MAX_PARAMS = 256, MAX_OPERANDS = 32 };

struct tj_wrapper {
    tj_unit *unit;
    const tj_source_kernel *kernel;
    LLVMValueRef inner, function; /* clang's, which goes, and ours */
    unsigned count;
    LLVMTypeRef types[MAX_PARAMS];   /* of the new function */
    LLVMTypeRef objects[MAX_PARAMS]; /* class objects that inner takes by memory; else NULL */
    unsigned locations[MAX_PARAMS];
    uint64_t byte_lens[MAX_PARAMS]; /* of the object behind a reference; else 0 */
    tj_described described[MAX_PARAMS];
};

bool tj_flatten_type(LLVMTypeRef type, LLVMTypeRef *element, unsigned *count)
{
    unsigned parts = 0;
    LLVMTypeKind kind = LLVMGetTypeKind(type);
    if (kind != LLVMStructTypeKind) {
        *element = type;
        *count = 1;
        return kind == LLVMIntegerTypeKind || kind == LLVMHalfTypeKind ||
               kind == LLVMFloatTypeKind || kind == LLVMBFloatTypeKind;
    }
    unsigned field_count = LLVMCountStructElementTypes(type);
    for (unsigned i = 0; i < field_count; i++) {
        LLVMTypeRef inner = NULL, field = LLVMStructGetTypeAtIndex(type, i);
        unsigned inner_count = 0;
        if (parts && i + 1 == field_count && LLVMGetTypeKind(field) == LLVMArrayTypeKind)
            break; /* what fills a vector of three up to four */
        if (!tj_flatten_type(field, &inner, &inner_count) || (parts && inner != *element))
            return false;
        *element = inner;
        parts += inner_count;
    }
    *count = parts;
    return parts > 0;
}

/* ---- what a parameter is ----------------------------------------------------------------- */

static const tj_annotation *of_param(const tj_wrapper *w, unsigned i, const char *name)
{
    return tj_find_annotation(w->kernel->of_params[i], name);
}

static const char *param_name(const tj_wrapper *w, unsigned i)
{
    size_t byte_len;
    const char *name =
        LLVMGetValueName2(LLVMGetParam(w->function ? w->function : w->inner, i), &byte_len);
    return byte_len ? tj_arena_strndup(w->unit->arena, name, byte_len)
                    : tj_arena_printf(w->unit->arena, "arg%u", i);
}

/* The built-in input that is asked for; NULL: none. */
static const tj_annotation *find_sysval(const tj_wrapper *w, unsigned i, tj_sysval *id)
{
    for (const tj_annotation *a = w->kernel->of_params[i]; a; a = a->next)
        for (unsigned s = 0; s < TJ_SYSVAL_COUNT; s++)
            if (strcmp(a->name, tj_sysval_infos[s].metal) == 0) {
                *id = (tj_sysval)s;
                return a;
            }
    return NULL;
}

static const tj_annotation *find_foreign(const tj_wrapper *w, const tj_annotation *list)
{
    static const char *const ours[] = {
        "type", "buffer", "threadgroup", "function_constant",
        "id",   "kernel", "host_name",   "max_total_threads_per_threadgroup"};
    for (; list; list = list->next) {
        bool is_ours = false;
        for (size_t i = 0; i < sizeof ours / sizeof *ours; i++)
            is_ours = is_ours || strcmp(list->name, ours[i]) == 0;
        for (unsigned s = 0; s < TJ_SYSVAL_COUNT; s++)
            is_ours = is_ours || strcmp(list->name, tj_sysval_infos[s].metal) == 0;
        if (!is_ours)
            return list;
    }
    (void)w;
    return NULL;
}

static tj_status refuse(const tj_wrapper *w, unsigned i, tj_status status, const char *what)
{
    const tj_annotation *at =
        w->kernel->of_params[i] ? w->kernel->of_params[i] : w->kernel->own;
    return tj_fail_annotated(w->unit, at, status, "argument '%s' of kernel '%s': %s",
                             param_name(w, i), w->kernel->name, what);
}

static tj_status set_pointer(tj_wrapper *w, unsigned i, LLVMTypeRef type)
{
    unsigned space = LLVMGetPointerAddressSpace(type);
    if (space < TJ_AS_DEVICE || space > TJ_AS_THREADGROUP)
        return refuse(w, i, TJ_E_MALFORMED,
                      "a pointer or reference without an address space; accepted are device, "
                      "constant and threadgroup");
    const char *wanted = space == TJ_AS_THREADGROUP ? "threadgroup" : "buffer";
    const char *other = space == TJ_AS_THREADGROUP ? "buffer" : "threadgroup";
    tj_sysval id;
    if (find_sysval(w, i, &id) || of_param(w, i, other))
        return refuse(w, i, TJ_E_MALFORMED,
                      space == TJ_AS_THREADGROUP
                          ? "threadgroup memory takes [[threadgroup(n)]]"
                          : "device and constant memory take [[buffer(n)]]");
    const tj_annotation *at = of_param(w, i, wanted);
    w->types[i] = type;
    w->locations[i] = TJ_MAX_BUFFERS; /* chosen later */
    if (!at)
        return TJ_OK;
    uint64_t number = at->arg_count && LLVMIsAConstantInt(at->args[0])
                          ? LLVMConstIntGetZExtValue(at->args[0])
                          : UINT64_MAX;
    if (number >= TJ_MAX_BUFFERS)
        return tj_fail_annotated(w->unit, at, TJ_E_MALFORMED,
                                 "[[%s(n)]] of argument '%s': accepted are 0 to %d", wanted,
                                 param_name(w, i), TJ_MAX_BUFFERS - 1);
    w->locations[i] = (unsigned)number;
    return TJ_OK;
}

static tj_status set_value(tj_wrapper *w, unsigned i, LLVMTypeRef type)
{
    LLVMTypeRef element = NULL;
    unsigned count = 0;
    tj_sysval id;
    if (!find_sysval(w, i, &id))
        return refuse(w, i, TJ_E_UNSUPPORTED,
                      "a value without a built-in attribute; accepted are references into "
                      "constant memory, e.g. 'constant uint &n [[buffer(0)]]'");
    bool is_number = tj_flatten_type(type, &element, &count) &&
                     LLVMGetTypeKind(element) == LLVMIntegerTypeKind;
    unsigned bits = is_number ? LLVMGetIntTypeWidth(element) : 0;
    if ((bits != 16 && bits != 32) || count > tj_sysval_infos[id].max_components)
        return refuse(w, i, TJ_E_MALFORMED,
                      tj_sysval_infos[id].max_components > 1
                          ? "a built-in input; accepted are uint and ushort, and vectors of 2 "
                            "and 3 of them"
                          : "a built-in input; accepted are uint and ushort");
    w->types[i] = count > 1 ? LLVMVectorType(element, count) : element;
    return TJ_OK;
}

static LLVMTypeRef by_memory(LLVMValueRef function, unsigned i)
{
    unsigned kind = LLVMGetEnumAttributeKindForName("byval", 5);
    LLVMAttributeRef attribute = LLVMGetEnumAttributeAtIndex(function, i + 1, kind);
    return attribute ? LLVMGetTypeAttributeValue(attribute) : NULL;
}

static tj_status set_param(tj_wrapper *w, unsigned i)
{
    LLVMTypeRef type = LLVMTypeOf(LLVMGetParam(w->inner, i));
    const tj_annotation *foreign = find_foreign(w, w->kernel->of_params[i]);
    if (foreign)
        return tj_fail_annotated(w->unit, foreign, TJ_E_UNSUPPORTED,
                                 "argument '%s': [[%s]] is not for compute kernels here",
                                 param_name(w, i), foreign->name);
    w->objects[i] = by_memory(w->inner, i);
    if (w->objects[i])
        return set_value(w, i, w->objects[i]);
    return LLVMGetTypeKind(type) == LLVMPointerTypeKind ? set_pointer(w, i, type)
                                                        : set_value(w, i, type);
}

/* Arguments without a number get the lowest free ones, in order; an optional one may share. */
static tj_status number_params(tj_wrapper *w)
{
    bool is_taken[2][TJ_MAX_BUFFERS + 1] = {{false}};
    for (unsigned pass = 0; pass < 2; pass++)
        for (unsigned i = 0; i < w->count; i++) {
            if (LLVMGetTypeKind(w->types[i]) != LLVMPointerTypeKind)
                continue;
            bool *taken =
                is_taken[LLVMGetPointerAddressSpace(w->types[i]) == TJ_AS_THREADGROUP];
            if (pass && w->locations[i] == TJ_MAX_BUFFERS) {
                w->locations[i] = 0;
                while (w->locations[i] < TJ_MAX_BUFFERS && taken[w->locations[i]])
                    w->locations[i]++;
                if (w->locations[i] == TJ_MAX_BUFFERS)
                    return refuse(w, i, TJ_E_UNSUPPORTED, "no free number for it");
            }
            taken[w->locations[i]] = true;
        }
    return TJ_OK;
}

/* ---- metadata ------------------------------------------------------------------------------
 */

typedef struct node {
    const tj_wrapper *w;
    LLVMMetadataRef ops[MAX_OPERANDS];
    unsigned count;
} node;

static void add_text(node *n, const char *text)
{
    n->ops[n->count++] = LLVMMDStringInContext2(n->w->unit->llctx, text, strlen(text));
}

static void add_value(node *n, LLVMValueRef value)
{
    n->ops[n->count++] = LLVMValueAsMetadata(value);
}

static void add_number(node *n, uint64_t number)
{
    add_value(n, LLVMConstInt(LLVMInt32TypeInContext(n->w->unit->llctx), number, false));
}

static LLVMMetadataRef end_node(const node *n)
{
    return LLVMMDNodeInContext2(n->w->unit->llctx, (LLVMMetadataRef *)n->ops, n->count);
}

static uint64_t number_of(const tj_annotation *at, unsigned i)
{
    return i < at->arg_count && LLVMIsAConstantInt(at->args[i])
               ? LLVMConstIntGetZExtValue(at->args[i])
               : 0;
}

/* A reference must have its object behind it; clang says so by an attribute, which leaves out
 * the bytes behind a class's last member. */
static uint64_t object_byte_len(const tj_wrapper *w, unsigned i)
{
    unsigned kind = LLVMGetEnumAttributeKindForName("dereferenceable", 15);
    LLVMAttributeRef attribute = LLVMGetEnumAttributeAtIndex(w->inner, i + 1, kind);
    const tj_annotation *type = of_param(w, i, "type");
    uint64_t least = attribute ? LLVMGetEnumAttributeValue(attribute) : 0,
             size = type ? number_of(type, 1) : 0;
    return least && least < size ? size : least;
}

static void add_buffer(node *n, unsigned i)
{
    const tj_wrapper *w = n->w;
    unsigned space = LLVMGetPointerAddressSpace(w->types[i]);
    static const char *const keys[] = {[TJ_ACCESS_READ] = "air.read",
                                       [TJ_ACCESS_WRITE] = "air.write",
                                       [TJ_ACCESS_READ_WRITE] = "air.read_write"};
    tj_access access = space == TJ_AS_CONSTANT ? TJ_ACCESS_READ
                                               : tj_access_infer(LLVMGetParam(w->function, i));
    add_text(n, w->described[i].holds_pointers ? "air.indirect_buffer" : "air.buffer");
    if (w->byte_lens[i]) {
        add_text(n, "air.buffer_size");
        add_number(n, w->byte_lens[i]);
    }
    add_text(n, "air.location_index");
    add_number(n, w->locations[i]);
    add_number(n, 1);
    add_text(n, keys[access]);
    add_text(n, "air.address_space");
    add_number(n, space);
    if (w->described[i].fields) {
        add_text(n, "air.struct_type_info");
        n->ops[n->count++] = w->described[i].fields;
    }
}

/* Metal's name of a built-in input's type. */
static const char *value_type(const tj_wrapper *w, unsigned i)
{
    LLVMTypeRef type = w->types[i];
    bool is_vector = LLVMGetTypeKind(type) == LLVMVectorTypeKind;
    LLVMTypeRef element = is_vector ? LLVMGetElementType(type) : type;
    tj_elem elem = {LLVMGetIntTypeWidth(element) == 16 ? TJ_SCALAR_U16 : TJ_SCALAR_U32,
                    is_vector ? LLVMGetVectorSize(type) : 1, 0, 0};
    return tj_elem_spell(w->unit->arena, &elem);
}

/* The element of a buffer: a known type's name, else the source's name and the size. */
static void add_element(node *n, unsigned i)
{
    const tj_annotation *type = of_param(n->w, i, "type");
    if (!type)
        return;
    uint64_t code = number_of(type, 0), byte_len = number_of(type, 1);
    tj_elem elem = {(tj_scalar)(code & 0xff), (unsigned)(code >> 8 & 0xff), 0, 0};
    const char *name = type->text;
    if (code && elem.scalar <= TJ_SCALAR_F32)
        name = tj_arena_printf(n->w->unit->arena, "%s%s", code >> 16 & 1 ? "packed_" : "",
                               tj_elem_spell(n->w->unit->arena, &elem));
    add_text(n, "air.arg_type_size");
    add_number(n, byte_len);
    add_text(n, "air.arg_type_name");
    add_text(n, name);
}

static LLVMMetadataRef describe_param(const tj_wrapper *w, unsigned i)
{
    node n = {.w = w};
    tj_sysval id = TJ_SYSVAL_COUNT;
    const tj_annotation *predicate = of_param(w, i, "function_constant");
    add_number(&n, i);
    if (predicate && predicate->arg_count) {
        node of = {.w = w};
        add_value(&of, predicate->args[0]);
        add_text(&of, "bool");
        add_text(&of, predicate->text);
        add_text(&n, "air.function_constant");
        n.ops[n.count++] = end_node(&of);
    }
    if (LLVMGetTypeKind(w->types[i]) == LLVMPointerTypeKind) {
        add_buffer(&n, i);
        add_element(&n, i);
    } else if (find_sysval(w, i, &id)) {
        add_text(&n, tj_arena_printf(w->unit->arena, "air.%s", tj_sysval_infos[id].name));
        add_text(&n, "air.arg_type_name");
        add_text(&n, value_type(w, i));
    }
    add_text(&n, "air.arg_name");
    add_text(&n, param_name(w, i));
    return end_node(&n);
}

tj_status tj_list_kernel(const tj_wrapper *w)
{
    const tj_annotation *limit =
        tj_find_annotation(w->kernel->own, "max_total_threads_per_threadgroup");
    LLVMMetadataRef *params = tj_new_array(w->unit->arena, LLVMMetadataRef, w->count + 1);
    node n = {.w = w}, none = {.w = w};
    for (unsigned i = 0; i < w->count; i++)
        params[i] = describe_param(w, i);
    add_value(&n, w->function);
    n.ops[n.count++] = end_node(&none);
    n.ops[n.count++] = LLVMMDNodeInContext2(w->unit->llctx, params, w->count);
    if (limit) {
        node of = {.w = w};
        bool is_number = limit->arg_count && LLVMIsAConstantInt(limit->args[0]);
        uint64_t threads = is_number ? LLVMConstIntGetZExtValue(limit->args[0]) : 0;
        if (threads < 1 || threads > TJ_MAX_THREADS)
            return tj_fail_annotated(w->unit, limit, TJ_E_MALFORMED,
                                     "[[max_total_threads_per_threadgroup]] of kernel '%s': "
                                     "accepted are 1 to %d",
                                     w->kernel->name, TJ_MAX_THREADS);
        add_text(&of, "air.max_work_group_size");
        add_number(&of, threads);
        n.ops[n.count++] = end_node(&of);
    }
    LLVMAddNamedMetadataOperand(w->unit->module, "air.kernel",
                                LLVMMetadataAsValue(w->unit->llctx, end_node(&n)));
    return TJ_OK;
}

/* ---- the function --------------------------------------------------------------------------
 */

/* An object of clang's class with the parts of a vector. */
static LLVMValueRef make_object(const tj_wrapper *w, LLVMBuilderRef builder, unsigned i,
                                LLVMValueRef value)
{
    LLVMContextRef llctx = w->unit->llctx;
    LLVMValueRef object = LLVMBuildAlloca(builder, w->objects[i], "");
    LLVMTypeRef type = LLVMTypeOf(value), element = type;
    unsigned count = 1;
    LLVMSetAlignment(object, 16);
    if (LLVMGetTypeKind(type) == LLVMVectorTypeKind) {
        element = LLVMGetElementType(type);
        count = LLVMGetVectorSize(type);
    }
    for (unsigned c = 0; c < count; c++) {
        LLVMValueRef index = LLVMConstInt(LLVMInt32TypeInContext(llctx), c, false);
        LLVMValueRef part =
            count > 1 ? LLVMBuildExtractElement(builder, value, index, "") : value;
        LLVMBuildStore(builder, part, LLVMBuildGEP2(builder, element, object, &index, 1, ""));
    }
    return object;
}

static LLVMValueRef build(const tj_wrapper *w)
{
    LLVMContextRef llctx = w->unit->llctx;
    size_t name_len = strlen(w->kernel->name);
    LLVMTypeRef type = LLVMFunctionType(LLVMVoidTypeInContext(llctx), (LLVMTypeRef *)w->types,
                                        w->count, false);
    LLVMValueRef taken = LLVMGetNamedFunction(w->unit->module, w->kernel->name);
    if (taken)
        LLVMSetValueName2(taken, "", 0);
    LLVMValueRef function = LLVMAddFunction(w->unit->module, "", type);
    LLVMSetValueName2(function, w->kernel->name, name_len);
    LLVMBuilderRef builder = LLVMCreateBuilderInContext(llctx);
    LLVMPositionBuilderAtEnd(builder, LLVMAppendBasicBlockInContext(llctx, function, ""));
    LLVMValueRef args[MAX_PARAMS];
    for (unsigned i = 0; i < w->count; i++) {
        const char *name = param_name(w, i);
        LLVMValueRef param = LLVMGetParam(function, i);
        LLVMSetValueName2(param, name, strlen(name));
        args[i] = w->objects[i] ? make_object(w, builder, i, param) : param;
    }
    LLVMBuildCall2(builder, LLVMGlobalGetValueType(w->inner), w->inner, args, w->count, "");
    LLVMBuildRetVoid(builder);
    LLVMDisposeBuilder(builder);
    return function;
}

tj_status tj_wrap_kernel(tj_unit *unit, const tj_source_kernel *kernel, tj_wrapper **out)
{
    LLVMTypeRef type = LLVMGlobalGetValueType(kernel->function);
    tj_wrapper *w = tj_new(unit->arena, tj_wrapper);
    *w = (tj_wrapper){.unit = unit,
                      .kernel = kernel,
                      .inner = kernel->function,
                      .count = LLVMCountParams(kernel->function)};
    const tj_annotation *foreign = find_foreign(w, kernel->own);
    tj_status status = TJ_OK;
    if (foreign)
        return tj_fail_annotated(unit, foreign, TJ_E_UNSUPPORTED,
                                 "kernel '%s': attribute '%s' is not supported", kernel->name,
                                 foreign->name);
    if (LLVMGetTypeKind(LLVMGetReturnType(type)) != LLVMVoidTypeKind)
        return tj_fail_annotated(unit, kernel->own, TJ_E_MALFORMED,
                                 "kernel '%s' returns a value; accepted is void", kernel->name);
    if (w->count > MAX_PARAMS)
        return tj_fail_annotated(unit, kernel->own, TJ_E_UNSUPPORTED,
                                 "kernel '%s' has %u arguments; accepted are %d", kernel->name,
                                 w->count, MAX_PARAMS);
    for (unsigned i = 0; i < w->count && !status; i++)
        status = set_param(w, i);
    if (!status)
        status = number_params(w);
    for (unsigned i = 0; i < w->count && !status; i++) {
        w->byte_lens[i] = object_byte_len(w, i);
        if (LLVMGetTypeKind(w->types[i]) == LLVMPointerTypeKind)
            w->described[i] = tj_describe_param(unit, w->inner, i);
    }
    if (!status)
        w->function = build(w);
    *out = w;
    return status;
}
