

using namespace metal;

struct params {
    uint  count;
    float scale;
    float3 shift;
};

kernel void places(device uint *out,
                   uint3   gid   [[thread_position_in_grid]],
                   ushort3 tid   [[thread_position_in_threadgroup]],
                   uint2   group [[threadgroup_position_in_grid]],
                   uint3   grid  [[threads_per_grid]])
{
    uint at = gid.x + grid.x * (gid.y + grid.y * gid.z);
    out[2 * at] = gid.x + gid.y * 10 + gid.z * 100;
    out[2 * at + 1] = group.x + 2 * group.y + 0 * tid.x;
}

kernel void structs(constant params &p,
                    device const packed_float3 *v,
                    device float4 *out,
                    uint i [[thread_position_in_grid]])
{
    float3 x = v[i] + p.shift * p.scale;
    out[i] = float4(x, float(p.count));
}

[[kernel, max_total_threads_per_threadgroup(64)]]
void sums(device const float *x [[buffer(0)]],
          threadgroup float *part [[threadgroup(0)]],
          device float *out [[buffer(1)]],
          uint i    [[thread_position_in_grid]],
          uint lane [[thread_index_in_threadgroup]],
          uint g    [[threadgroup_position_in_grid]])
{
    part[lane] = x[i];
    for (uint step = 16; step > 0; step /= 2) {
        threadgroup_barrier(mem_flags::mem_threadgroup);
        float other = lane < step ? part[lane + step] : 0;
        threadgroup_barrier(mem_flags::mem_threadgroup);
        part[lane] += other;
    }
    if (lane == 0)
        out[g] = part[0];
}
