define void @k(ptr addrspace(1) %x) "tmjit.kernel" { ret void }
!0 = !{i32 99999999999, null}