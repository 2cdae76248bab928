@s = private constant [22 x i8] c"ptr addrspace(4) x\22\00"
define void @f(ptr addrspace(1) %p) {
  %q = addrspacecast ptr addrspace(1) %p to ptr addrspace(4)
  %r = addrspacecast ptr %x to ptr addrspace(4)
  call void @g(ptr addrspace(4) addrspacecast (ptr addrspace(4) getelementptr (i8, ptr @x, i64 1) to ptr))
  %t = addrspacecast ptr addrspace(4) %q to ptr addrspace(3)
}
