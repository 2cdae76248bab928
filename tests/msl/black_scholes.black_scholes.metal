#include <metal_stdlib>

using namespace metal;

struct market {
    float rate;
    float volatility;
};

kernel void black_scholes(
    const device float *spot [[buffer(0)]],
    const device float *strike [[buffer(1)]],
    const device float *years [[buffer(2)]],
    device float *call [[buffer(3)]],
    device float *put [[buffer(4)]],
    constant market *m [[buffer(5)]],
    uint i [[thread_position_in_grid]])
{
    float spot_v = spot[i];
    float strike_v = strike[i];
    float years_v = years[i];
    float m_v = m[0].volatility;
    float fmul = fast::sqrt(years_v) * m_v;
    float m_v2 = m[0].rate;
    float fdiv2 = ((m_v2 + m_v * m_v * 0.5f) * years_v + fast::log(spot_v / strike_v)) / fmul;
    float fsub = fdiv2 - fmul;
    float fdiv3 = 1.0f / (fabs(fdiv2) * 0.2316419f + 1.0f);
    float fmul14 = fast::exp(fdiv2 * fdiv2 * -0.5f) * 0.3989423f * fdiv3 * ((((fdiv3 * 1.3302745f + -1.8212559f) * fdiv3 + 1.7814779f) * fdiv3 + -0.35656378f) * fdiv3 + 0.31938154f);
    float select2 = fdiv2 > 0.0f ? 1.0f - fmul14 : fmul14;
    float fdiv4 = 1.0f / (fabs(fsub) * 0.2316419f + 1.0f);
    float fmul24 = fast::exp(fsub * fsub * -0.5f) * 0.3989423f * fdiv4 * ((((fdiv4 * 1.3302745f + -1.8212559f) * fdiv4 + 1.7814779f) * fdiv4 + -0.35656378f) * fdiv4 + 0.31938154f);
    float select2_2 = fsub > 0.0f ? 1.0f - fmul24 : fmul24;
    float fmul26 = fast::exp(m_v2 * -years_v) * strike_v;
    call[i] = select2 * spot_v - select2_2 * fmul26;
    put[i] = (1.0f - select2_2) * fmul26 - (1.0f - select2) * spot_v;
}
