

using namespace metal;



constant bool use_bias [[function_constant(0)]];
constant float scale [[function_constant(FIRST)]];
constant float2 shift [[function_constant(FIRST + 4)]];
constant float factor = is_function_constant_defined(scale) ? scale : 2.0f;
constant bool no_bias = !use_bias;

kernel void k(device const float *x [[buffer(0)]],
              device const float *bias [[buffer(1), function_constant(use_bias)]],
              device float *out [[buffer(2)]],
              uint i [[thread_position_in_grid]])
{
    float y = x[i] * factor + shift.x + shift.y;
    if (use_bias)
        y += bias[i];
    if (no_bias)
        y += 1;
    out[i] = y;
}
