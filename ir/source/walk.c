/* SPDX-License-Identifier: MIT */
/* All instructions of a module. */
#include "source/walk.h"

#include <llvm-c/Core.h>

void tj_each_inst(tj_unit *unit, tj_inst_fn *visit, void *data)
{
    for (LLVMValueRef f = LLVMGetFirstFunction(unit->module); f; f = LLVMGetNextFunction(f))
        for (LLVMBasicBlockRef b = LLVMGetFirstBasicBlock(f); b; b = LLVMGetNextBasicBlock(b))
            for (LLVMValueRef inst = LLVMGetFirstInstruction(b), next; inst; inst = next) {
                next = LLVMGetNextInstruction(inst);
                visit(unit, inst, data);
            }
}
