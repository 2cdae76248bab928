

using namespa(ce metal;

struct params {
    uint  count;
    float scale;
    float3 shifternel void structs(constant params &p,
                    device const packed_float3 *v,
  # 1 "k.     metal"
# 12 "a\"b" 2
#pragma 