; With debug information the place is the line of the Metal source.
;
; RUN: %fails %s --grid 2 --buf y=i32[1]:zeros | FileCheck %s
; CHECK: kernels/fill.metal:7:10: error: store of 4 bytes at byte offset 4 of buffer 'y' (4 bytes)

define void @fill(ptr addrspace(1) "tmjit.type"="int" %y, i32 "tmjit.builtin"="thread_position_in_grid" %i) "tmjit.kernel" !dbg !5 {
  %py = getelementptr i32, ptr addrspace(1) %y, i32 %i, !dbg !8
  store i32 1, ptr addrspace(1) %py, align 4, !dbg !8
  ret void, !dbg !9
}

!llvm.dbg.cu = !{!0}
!llvm.module.flags = !{!2, !3}
!0 = distinct !DICompileUnit(language: DW_LANG_C_plus_plus_14, file: !1, isOptimized: true, runtimeVersion: 0, emissionKind: FullDebug)
!1 = !DIFile(filename: "kernels/fill.metal", directory: "/src")
!2 = !{i32 2, !"Dwarf Version", i32 4}
!3 = !{i32 2, !"Debug Info Version", i32 3}
!4 = !DISubroutineType(types: !6)
!5 = distinct !DISubprogram(name: "fill", scope: !1, file: !1, line: 5, type: !4, scopeLine: 6, spFlags: DISPFlagDefinition | DISPFlagOptimized, unit: !0, retainedNodes: !6)
!6 = !{}
!8 = !DILocation(line: 7, column: 10, scope: !5)
!9 = !DILocation(line: 8, column: 1, scope: !5)
