; Exchanged values are neither lost nor doubled: what came back plus what is left is the sum.
;
; RUN: %run %s --grid 3000 --threadgroup 100 --buf slot=i32[1]:zeros --buf y=i32[1]:zeros --print y | FileCheck %s
; CHECK: y = 4501500

define void @give(ptr addrspace(1) "tmjit.type"="int" %slot, ptr addrspace(1) "tmjit.type"="int" %y, i32 "tmjit.builtin"="thread_position_in_grid" %i) "tmjit.kernel" {
  %v = add i32 %i, 1
  %old = call i32 @air.atomic.global.xchg.i32(ptr addrspace(1) %slot, i32 %v, i32 0, i32 2, i1 true)
  %a = call i32 @air.atomic.global.add.s.i32(ptr addrspace(1) %y, i32 %old, i32 0, i32 2, i1 true)
  ; the second exchange empties the slot again, and one of these is the last of all: in the
  ; end every value that was put in has come back to somebody
  %left = call i32 @air.atomic.global.xchg.i32(ptr addrspace(1) %slot, i32 0, i32 0, i32 2, i1 true)
  %b = call i32 @air.atomic.global.add.s.i32(ptr addrspace(1) %y, i32 %left, i32 0, i32 2, i1 true)
  ret void
}
declare i32 @air.atomic.global.xchg.i32(ptr addrspace(1), i32, i32, i32, i1)
declare i32 @air.atomic.global.add.s.i32(ptr addrspace(1), i32, i32, i32, i1)
