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
    constant market &m [[buffer(5)]],
    uint i [[thread_position_in_grid]])
{
    float spot_v = spot[i];
    float strike_v = strike[i];
    float years_v = years[i];
    float product = fast::sqrt(years_v) * m.volatility;
    float quotient = ((m.rate + m.volatility * m.volatility * 0.5f) * years_v
            + fast::log(spot_v / strike_v)) / product;
    float difference = quotient - product;
    float quotient2 = 1.0f / (fabs(quotient) * 0.2316419f + 1.0f);
    float product2 = fast::exp(quotient * quotient * -0.5f) * 0.3989423f * quotient2
            * ((((quotient2 * 1.3302745f + -1.8212559f) * quotient2 + 1.7814779f) * quotient2
            + -0.35656378f) * quotient2 + 0.31938154f);
    float select_value = quotient > 0.0f ? 1.0f - product2 : product2;
    float quotient3 = 1.0f / (fabs(difference) * 0.2316419f + 1.0f);
    float product3 = fast::exp(difference * difference * -0.5f) * 0.3989423f * quotient3
            * ((((quotient3 * 1.3302745f + -1.8212559f) * quotient3 + 1.7814779f) * quotient3
            + -0.35656378f) * quotient3 + 0.31938154f);
    float select2 = difference > 0.0f ? 1.0f - product3 : product3;
    float product4 = fast::exp(m.rate * -years_v) * strike_v;
    call[i] = select_value * spot_v - select2 * product4;
    put[i] = (1.0f - select2) * product4 - (1.0f - select_value) * spot_v;
}
