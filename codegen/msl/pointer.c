/* SPDX-License-Identifier: MIT */
/* Pointers as values: what their text points to, and a cast where that is not what is wanted.
 */
#include "msl.h"

#include <string.h>

/* The elements of an array of arrays. */
static LLVMTypeRef innermost(LLVMTypeRef type)
{
    while (LLVMGetTypeKind(type) == LLVMArrayTypeKind)
        type = LLVMGetElementType(type);
    return type;
}

/* &*p is p. */
static const char *address_of(tj_msl *m, const char *object)
{
    return *object == '*' ? object + 1 : TJ_MSL_TEXT(m, "&%s", object);
}

static tj_mtarget target_of(tj_msl *m, LLVMValueRef root, LLVMTypeRef type, bool is_signed)
{
    bool is_byte = LLVMGetTypeKind(type) == LLVMIntegerTypeKind && tj_msl_bits(type) == 8;

    if (LLVMGetTypeKind(type) == LLVMPointerTypeKind) /* what memory holds: slots.c */
        return (tj_mtarget){type, "void *"};

    return (tj_mtarget){type, is_byte && tj_msl_is_bool_memory(m, root)
                                  ? "bool"
                                  : tj_msl_type(m, type, is_signed)};
}

tj_mtarget tj_msl_target(tj_msl *m, LLVMValueRef pointer)
{
    bool is_signed;
    LLVMTypeRef type = innermost(tj_msl_pointee(m, pointer, &is_signed));

    return target_of(m, pointer, type, is_signed);
}

/* As a pointer to its own elements, or to what is read there. */
static const char *natural(tj_msl *m, LLVMValueRef pointer, int prec, tj_mtarget *is)
{
    const tj_mval *val = tj_msl_find(m, pointer);
    LLVMValueRef root = tj_msl_root(pointer);
    const char *text;
    LLVMTypeRef at;
    bool is_signed;

    *is = (tj_mtarget){0};
    if (LLVMIsAConstantPointerNull(pointer))
        return "nullptr";
    if (LLVMIsAAddrSpaceCastInst(pointer) ||
        (LLVMIsAConstantExpr(pointer) && LLVMGetConstOpcode(pointer) == LLVMAddrSpaceCast)) {
        tj_msl_refuse(m, pointer, "a pointer into more than one address space is not in Metal");
        return "";
    }
    *is = tj_msl_target(m, root);
    if (val && !LLVMIsAGetElementPtrInst(pointer) && !LLVMIsAAllocaInst(pointer))
        return tj_msl_expr(m, pointer, prec);
    if ((text = tj_msl_walk(m, pointer, prec)))
        return text;
    at = tj_msl_type_by_use(m, pointer);
    at = innermost(at ? tj_msl_memory_type(m, at) : tj_msl_pointee(m, root, &is_signed));
    text = address_of(m, tj_msl_object(m, pointer, at, &is_signed));
    *is = target_of(m, root, at, is_signed);
    return tj_msl_wrap(m, text, TJ_PREC_UNARY, prec);
}

const char *tj_msl_pointer(tj_msl *m, LLVMValueRef pointer, int prec)
{
    tj_mtarget is;

    return natural(m, pointer, prec, &is);
}

const char *tj_msl_pointer_as(tj_msl *m, LLVMValueRef pointer, const tj_mtarget *wanted,
                              int prec)
{
    tj_mtarget is;
    const char *text = natural(m, pointer, prec, &is), *object;
    bool is_signed;

    if (!is.type || !wanted->type || strcmp(is.spelling, wanted->spelling) == 0)
        return text;
    object = LLVMIsAGetElementPtrInst(pointer) || LLVMIsAAllocaInst(pointer) ||
                     LLVMIsAGlobalVariable(pointer)
                 ? tj_msl_plain_object(m, pointer, wanted->type, &is_signed)
                 : NULL;
    if (object && strcmp(tj_msl_type(m, wanted->type, is_signed), wanted->spelling) == 0)
        return tj_msl_wrap(m, address_of(m, object), TJ_PREC_UNARY, prec);
    return tj_msl_wrap(m, tj_msl_pointer_to(m, pointer, wanted->spelling), TJ_PREC_UNARY, prec);
}

const char *tj_msl_pointer_like(tj_msl *m, LLVMValueRef pointer, LLVMValueRef like, int prec)
{
    tj_mtarget wanted = tj_msl_target(m, like);

    return tj_msl_pointer_as(m, pointer, &wanted, prec);
}

const char *tj_msl_loaded_like(tj_msl *m, LLVMValueRef pointer, LLVMValueRef like,
                               const char *text)
{
    const char *is = tj_msl_target(m, pointer).spelling,
               *wanted = tj_msl_target(m, like).spelling;

    return strcmp(is, wanted) == 0
               ? text
               : TJ_MSL_TEXT(m, "(%s %s *)%s",
                             tj_msl_space(LLVMGetPointerAddressSpace(LLVMTypeOf(pointer))),
                             wanted, text);
}

const char *tj_msl_compare_pointers(tj_msl *m, LLVMValueRef a, LLVMValueRef b, const char *op,
                                    int prec)
{
    tj_mtarget is, other;
    const char *left = natural(m, a, prec, &is);

    if (is.type)
        return TJ_MSL_TEXT(m, "%s %s %s", left, op, tj_msl_pointer_as(m, b, &is, prec));
    return TJ_MSL_TEXT(m, "%s %s %s", left, op, natural(m, b, prec, &other));
}

const char *tj_msl_pointer_at(tj_msl *m, LLVMValueRef pointer, LLVMTypeRef type)
{
    bool is_signed;
    const char *text = NULL;

    if (tj_msl_pointee(m, tj_msl_root(pointer), &is_signed) == type)
        text = tj_msl_walk(m, pointer, 0);
    return text ? text : address_of(m, tj_msl_object(m, pointer, type, &is_signed));
}

const char *tj_msl_pointer_to(tj_msl *m, LLVMValueRef pointer, const char *spelling)
{
    unsigned space = LLVMGetPointerAddressSpace(LLVMTypeOf(pointer));
    bool is_const = space == TJ_AS_DEVICE && tj_msl_is_const(m, tj_msl_root(pointer));

    return TJ_MSL_TEXT(m, "(%s%s %s *)%s", is_const ? "const " : "", tj_msl_space(space),
                       spelling, tj_msl_pointer(m, pointer, TJ_PREC_UNARY));
}
