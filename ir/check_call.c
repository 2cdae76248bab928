/* SPDX-License-Identifier: MIT */
/* Which functions a kernel may call, and with which types.
 *
 * The letters of intrinsics.def give most signatures; a row with `*` has the forms that
 * air.md lists (4.1 barriers, 4.2 atomics, 4.5 ldexp, 4.7 conversions, 4.9 matrices), of
 * which a function must have one.
 */
#include "air_type.h"
#include "canon.h"
#include "check.h"
#include "intrin.h"
#include "runtime_helper.h"

#include <llvm-c/Core.h>
#include <string.h>

enum { MAX_PARAMS = 8, MAX_FORMS = 2 };

/* The function types that a name may have. */
typedef struct forms {
    LLVMContextRef llctx;
    tj_intrin_use use;
    const char *name;
    LLVMTypeRef types[MAX_FORMS];
    unsigned count;
} forms;

/* ---- small makers ---------------------------------------------------------------------------
 */

static LLVMTypeRef integer(forms *f, unsigned bits)
{
    return LLVMIntTypeInContext(f->llctx, bits);
}

static LLVMTypeRef nothing(forms *f)
{
    return LLVMVoidTypeInContext(f->llctx);
}

static LLVMTypeRef overload(forms *f)
{
    return tj_air_type_llvm(f->llctx, f->use.type);
}

static LLVMTypeRef element(forms *f)
{
    tj_air_type type = f->use.type;
    type.length = 1;
    return tj_air_type_llvm(f->llctx, type);
}

static LLVMTypeRef pointer(forms *f, unsigned address_space)
{
    return LLVMPointerTypeInContext(f->llctx, address_space);
}

static void add_form(forms *f, LLVMTypeRef result, LLVMTypeRef *params, unsigned count)
{
    f->types[f->count++] = LLVMFunctionType(result, params, count, false);
}

/* ---- rows with `*` --------------------------------------------------------------------------
 */

/* (flags, scope), from AIR 2.9 on (flags, order, scope) */
static void barrier_forms(forms *f)
{
    LLVMTypeRef i32 = integer(f, 32), params[] = {i32, i32, i32};
    add_form(f, nothing(f), params, 2);
    add_form(f, nothing(f), params, 3);
}

static void fence_forms(forms *f)
{
    LLVMTypeRef i32 = integer(f, 32), params[] = {i32, i32, i32};
    add_form(f, nothing(f), params, 3);
}

static void ldexp_forms(forms *f)
{
    tj_air_type exponent = {'i', false, 32, f->use.type.length};
    LLVMTypeRef params[] = {overload(f), tj_air_type_llvm(f->llctx, exponent)};
    add_form(f, overload(f), params, 2);
}

static void convert_forms(forms *f)
{
    LLVMTypeRef params[] = {tj_air_type_llvm(f->llctx, f->use.source)};
    add_form(f, overload(f), params, 1);
}

/* `params` holds what comes before the orders; i32 orders and scope, from AIR 2.9 on flags,
 * and i1 volatile follow. */
static void add_atomic(forms *f, LLVMTypeRef result, LLVMTypeRef *params, unsigned count,
                       unsigned words)
{
    for (unsigned i = 0; i < words; i++)
        params[count++] = integer(f, 32);
    params[count] = integer(f, 1);
    add_form(f, result, params, count + 1);
    params[count] = integer(f, 32);
    params[count + 1] = integer(f, 1);
    add_form(f, result, params, count + 2);
}

static void atomic_load_forms(forms *f)
{
    LLVMTypeRef params[MAX_PARAMS] = {pointer(f, f->use.address_space)};
    add_atomic(f, overload(f), params, 1, 2);
}

static void atomic_store_forms(forms *f)
{
    LLVMTypeRef params[MAX_PARAMS] = {pointer(f, f->use.address_space), overload(f)};
    add_atomic(f, nothing(f), params, 2, 2);
}

static void atomic_cmpxchg_forms(forms *f)
{
    LLVMTypeRef params[MAX_PARAMS] = {pointer(f, f->use.address_space),
                                      pointer(f, TJ_AS_THREAD), overload(f)};
    add_atomic(f, overload(f), params, 3, 3);
}

/* The 64-bit minimum and maximum give nothing back. */
static void atomic_rmw_forms(forms *f)
{
    LLVMTypeRef params[MAX_PARAMS] = {pointer(f, f->use.address_space), overload(f)};
    add_atomic(f, f->use.type.bits == 64 ? nothing(f) : overload(f), params, 2, 2);
}

/* elements per row, origin, transpose; from AIR 2.8 on dimensions, strides, origin */
static void add_matrix_memory(forms *f, LLVMTypeRef result, LLVMTypeRef *params, unsigned count)
{
    LLVMTypeRef i64 = integer(f, 64), pair = LLVMVectorType(i64, 2);
    LLVMTypeRef *rest = params + count;
    rest[0] = i64, rest[1] = pair, rest[2] = integer(f, 1);
    add_form(f, result, params, count + 3);
    rest[0] = pair, rest[1] = pair, rest[2] = pair;
    add_form(f, result, params, count + 3);
}

static void matrix_load_forms(forms *f)
{
    LLVMTypeRef params[MAX_PARAMS] = {pointer(f, f->use.address_space)};
    add_matrix_memory(f, overload(f), params, 1);
}

static void matrix_store_forms(forms *f)
{
    LLVMTypeRef params[MAX_PARAMS] = {overload(f), pointer(f, f->use.address_space)};
    add_matrix_memory(f, nothing(f), params, 2);
}

/* The name ends in the tiles of D, A, B and C; decoding has seen that it does. */
static void matrix_multiply_forms(forms *f)
{
    LLVMTypeRef tiles[4];
    const char *at = strstr(f->name, ".v64");
    for (unsigned i = 0; i < 4; i++) {
        tj_air_type tile;
        at = tj_air_type_parse(at + 1, &tile);
        tiles[i] = tj_air_type_llvm(f->llctx, tile);
    }
    add_form(f, tiles[0], tiles + 1, 3);
}

static void matrix_init_forms(forms *f)
{
    LLVMTypeRef params[] = {element(f)};
    add_form(f, overload(f), params, 1);
}

static const struct form_rule {
    tj_intrin id;
    void (*add)(forms *f);
} form_rules[] = {
    {TJ_INTRIN_WG_BARRIER, barrier_forms},
    {TJ_INTRIN_SIMDGROUP_BARRIER, barrier_forms},
    {TJ_INTRIN_ATOMIC_FENCE, fence_forms},
    {TJ_INTRIN_ATOMIC_LOAD, atomic_load_forms},
    {TJ_INTRIN_ATOMIC_STORE, atomic_store_forms},
    {TJ_INTRIN_ATOMIC_CMPXCHG, atomic_cmpxchg_forms},
    {TJ_INTRIN_ATOMIC_XCHG, atomic_rmw_forms},
    {TJ_INTRIN_ATOMIC_ADD, atomic_rmw_forms},
    {TJ_INTRIN_ATOMIC_SUB, atomic_rmw_forms},
    {TJ_INTRIN_ATOMIC_MIN, atomic_rmw_forms},
    {TJ_INTRIN_ATOMIC_MAX, atomic_rmw_forms},
    {TJ_INTRIN_ATOMIC_AND, atomic_rmw_forms},
    {TJ_INTRIN_ATOMIC_OR, atomic_rmw_forms},
    {TJ_INTRIN_ATOMIC_XOR, atomic_rmw_forms},
    {TJ_INTRIN_LDEXP, ldexp_forms},
    {TJ_INTRIN_CONVERT, convert_forms},
    {TJ_INTRIN_MATRIX_LOAD, matrix_load_forms},
    {TJ_INTRIN_MATRIX_STORE, matrix_store_forms},
    {TJ_INTRIN_MATRIX_MULTIPLY_ACCUMULATE, matrix_multiply_forms},
    {TJ_INTRIN_MATRIX_INIT_FILLED, matrix_init_forms},
    {TJ_INTRIN_MATRIX_INIT_DIAG, matrix_init_forms},
};

/* ---- rows spelled in letters ----------------------------------------------------------------
 */

static LLVMTypeRef letter_type(forms *f, char letter)
{
    switch (letter) {
    case 'T':
        return overload(f);
    case 'e':
        return element(f);
    case 'v':
        return nothing(f);
    case 'b':
        return integer(f, 1);
    case 'c':
        return integer(f, 8);
    case 's':
        return integer(f, 16);
    case 'i':
        return integer(f, 32);
    case 'l':
        return integer(f, 64);
    case 'p':
        return pointer(f, TJ_AS_THREAD);
    default:
        return NULL;
    }
}

static void letter_forms(forms *f, const char *signature)
{
    LLVMTypeRef params[MAX_PARAMS];
    unsigned count = 0;
    for (const char *letter = signature + 1; *letter && count < MAX_PARAMS; letter++)
        params[count++] = letter_type(f, *letter);
    add_form(f, letter_type(f, signature[0]), params, count);
}

static void add_forms(forms *f)
{
    for (size_t i = 0; i < sizeof(form_rules) / sizeof(form_rules[0]); i++) {
        if (form_rules[i].id == f->use.id) {
            form_rules[i].add(f);
            return;
        }
    }
    letter_forms(f, tj_intrin_infos[f->use.id].signature);
}

/* ---- callees --------------------------------------------------------------------------------
 */

static tj_status refuse_signature(tj_unit *unit, LLVMValueRef call, const forms *f,
                                  LLVMTypeRef type)
{
    char *found = LLVMPrintTypeToString(type);
    char *first = LLVMPrintTypeToString(f->types[0]);
    char *second = LLVMPrintTypeToString(f->types[f->count - 1]);
    tj_status status = tj_fail(
        unit, call, TJ_E_UNSUPPORTED, "wrong signature of '%.100s': %.200s; accepted is %s%s%s",
        f->name, found, first, f->count > 1 ? " or " : "", f->count > 1 ? second : "");
    LLVMDisposeMessage(found);
    LLVMDisposeMessage(first);
    LLVMDisposeMessage(second);
    return status;
}

/* Parts of names of the families that are refused as a whole, the first that fits. */
static const struct refused_family {
    const char *part, *what;
} refused_families[] = {
    {"_texture_", "textures"},
    {"_texture.", "textures"},
    {"sampler", "samplers"},
    {"intersect", "functions of ray tracing"},
    {"raytracing", "functions of ray tracing"},
    {"acceleration_structure", "functions of ray tracing"},
    {"ray_data", "functions of ray tracing"},
    {"tensor", "tensors"},
    {"simdgroup_matrix_16x16x16", "tensors"},
    {"visible_function", "visible-function tables"},
    {"imageblock", "image blocks"},
    {"_mesh", "mesh shaders"},
    {"dfdx", "functions of fragments"},
    {"dfdy", "functions of fragments"},
    {"fwidth", "functions of fragments"},
    {"discard_fragment", "functions of fragments"},
    {"is_helper_thread", "functions of fragments"},
};

static tj_status refuse_name(tj_unit *unit, LLVMValueRef call, const char *name)
{
    for (size_t i = 0; i < sizeof(refused_families) / sizeof(refused_families[0]); i++)
        if (strstr(name, refused_families[i].part))
            return tj_fail(unit, call, TJ_E_UNSUPPORTED, "'%.200s': %s are not supported", name,
                           refused_families[i].what);
    return tj_fail(unit, call, TJ_E_UNSUPPORTED, "unknown intrinsic '%.200s'", name);
}

static tj_status check_air(tj_unit *unit, LLVMValueRef call, LLVMValueRef callee,
                           const char *name)
{
    forms f = {.llctx = unit->llctx, .name = name};
    LLVMTypeRef type = LLVMGlobalGetValueType(callee);
    if (!tj_intrin_decode(name, &f.use))
        return refuse_name(unit, call, name);
    add_forms(&f);
    for (unsigned i = 0; i < f.count; i++)
        if (f.types[i] == type)
            return TJ_OK;
    return refuse_signature(unit, call, &f, type);
}

static tj_status check_helper(tj_unit *unit, LLVMValueRef call, LLVMTypeRef type,
                              const tj_helper *helper, const char *name)
{
    forms f = {.llctx = unit->llctx, .name = name, .count = 2};
    f.types[0] = tj_helper_type(unit->llctx, helper, false);
    f.types[1] = tj_helper_type(unit->llctx, helper, true);
    if (type == f.types[0] || type == f.types[1])
        return TJ_OK;
    return refuse_signature(unit, call, &f, type);
}

static tj_status check_llvm(tj_unit *unit, LLVMValueRef call)
{
    size_t byte_len;
    const char *name = tj_llvm_intrinsic_name(call);
    tj_removal removal = tj_llvm_intrinsic_removal(name);
    if (removal == TJ_REMOVED_MEMORY &&
        LLVMGetPointerAddressSpace(LLVMTypeOf(LLVMGetOperand(call, 0))) == TJ_AS_CONSTANT)
        return tj_fail(unit, call, TJ_E_UNSUPPORTED,
                       "write to constant memory; it can only be read");
    if (removal != TJ_REMOVED_NOT || tj_llvm_intrinsic_is_accepted(name))
        return TJ_OK;
    return tj_fail(unit, call, TJ_E_UNSUPPORTED, "unknown intrinsic '%.200s'",
                   LLVMGetValueName2(LLVMGetCalledValue(call), &byte_len));
}

/* What is asked about function constants is answered when a pipeline is made. */
static bool is_constant_query(LLVMValueRef call, LLVMValueRef callee, const char *name)
{
    static const char predicate[] = "air.normalize_function_constant_predicate.";
    LLVMTypeRef type = LLVMGlobalGetValueType(callee);
    LLVMTypeRef result = LLVMGetReturnType(type), param = NULL;
    if (LLVMGetTypeKind(result) != LLVMIntegerTypeKind || LLVMCountParamTypes(type) != 1)
        return false;
    LLVMGetParamTypes(type, &param);
    if (strncmp(name, predicate, strlen(predicate)) == 0)
        return result == param;
    return strcmp(name, "air.is_function_constant_defined") == 0 &&
           LLVMGetIntTypeWidth(result) == 1 && LLVMIsAGlobalVariable(LLVMGetOperand(call, 0));
}

static tj_status check_declaration(tj_unit *unit, LLVMValueRef call, LLVMValueRef callee)
{
    size_t byte_len;
    const char *name = LLVMGetValueName2(callee, &byte_len);
    tj_helper helper;
    if (LLVMGetIntrinsicID(callee))
        return check_llvm(unit, call);
    if (is_constant_query(call, callee, name) || tj_asks_for_input(callee) ||
        tj_gets_a_body(unit->llctx, callee))
        return TJ_OK;
    if (strncmp(name, "air.", 4) == 0)
        return check_air(unit, call, callee, name);
    if (tj_helper_decode(name, &helper))
        return check_helper(unit, call, LLVMGlobalGetValueType(callee), &helper, name);
    if (strncmp(name, "llvm.", 5) == 0)
        return tj_fail(unit, call, TJ_E_UNSUPPORTED, "unknown intrinsic '%.200s'", name);
    return tj_fail(unit, call, TJ_E_UNSUPPORTED,
                   "call of external function '%.200s'; functions with a body and air.* "
                   "functions can be called",
                   name);
}

/* llvm.assume carries bundles and is removed. */
static bool has_bundles(LLVMValueRef call)
{
    const char *name = tj_llvm_intrinsic_name(call);
    bool is_hint = name && tj_llvm_intrinsic_removal(name) == TJ_REMOVED_HINT;
    return LLVMGetNumOperandBundles(call) > 0 && !is_hint;
}

LLVMValueRef tj_called_body(LLVMValueRef inst)
{
    LLVMValueRef callee = LLVMIsACallInst(inst) ? LLVMGetCalledValue(inst) : NULL;
    if (!callee || !LLVMIsAFunction(callee) || LLVMIsDeclaration(callee))
        return NULL;
    return callee;
}

tj_status tj_check_call(tj_unit *unit, LLVMValueRef call)
{
    LLVMValueRef callee = LLVMGetCalledValue(call);
    if (LLVMIsAInlineAsm(callee))
        return tj_fail(unit, call, TJ_E_UNSUPPORTED, "inline assembly is not supported");
    if (!LLVMIsAFunction(callee))
        return tj_fail(unit, call, TJ_E_UNSUPPORTED,
                       "indirect call; functions are called by name");
    if (LLVMGetCalledFunctionType(call) != LLVMGlobalGetValueType(callee))
        return tj_fail(unit, call, TJ_E_UNSUPPORTED,
                       "the call and the function it calls differ in type");
    if (LLVMIsFunctionVarArg(LLVMGlobalGetValueType(callee)))
        return tj_fail(unit, call, TJ_E_UNSUPPORTED, "variable arguments are not supported");
    if (has_bundles(call))
        return tj_fail(unit, call, TJ_E_UNSUPPORTED, "operand bundles are not supported");
    if (LLVMIsDeclaration(callee))
        return check_declaration(unit, call, callee);
    return TJ_OK;
}
