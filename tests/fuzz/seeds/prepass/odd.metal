# 1 "k.metal"
# 12 "a\"b" 2
#pragma unroll(N)
#pragma METAL fp math_mode(safe)
R"x(a)x" L'\'' 0x1.8p3h 1bf 1.e+5 c?d:e?f:g a<b?c:d> [[host_name("a" "b"), kernel]] [[ [[ ]] coherent(system) ){]}