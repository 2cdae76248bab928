// SPDX-License-Identifier: MIT
// Accelerations of bodies (x, y, z, mass), in tiles of a work-group of 256.
kernel void nbody(global const float4 *body, global float4 *acceleration, uint count)
{
    local float4 tile[256];
    uint l = get_local_id(0);
    float4 own = body[get_global_id(0)];
    float3 sum = 0.0f;
    for (uint first = 0; first < count; first += 256) {
        tile[l] = body[first + l];
        barrier(CLK_LOCAL_MEM_FENCE);
        for (uint k = 0; k < 256; k++) {
            float4 other = tile[k];
            float3 d = other.xyz - own.xyz;
            float inverse = rsqrt(d.x * d.x + d.y * d.y + d.z * d.z + 1e-4f);
            sum += d * (other.w * inverse * inverse * inverse);
        }
        barrier(CLK_LOCAL_MEM_FENCE);
    }
    acceleration[get_global_id(0)] = (float4)(sum, 0.0f);
}
