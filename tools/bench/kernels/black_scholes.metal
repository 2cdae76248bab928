// SPDX-License-Identifier: MIT
// Prices of European options. The normal distribution by Abramowitz and Stegun, Handbook of
// Mathematical Functions, 26.2.17.
#include <metal_stdlib>
using namespace metal;

struct Market {
    float rate, volatility;
};

static float normal_distribution(float d)
{
    constexpr float scale = 0.39894228f; // 1 / sqrt(2 pi)
    float k = 1 / (1 + 0.2316419f * abs(d));
    float series =
        k * (0.31938153f +
             k * (-0.356563782f + k * (1.781477937f + k * (-1.821255978f + k * 1.330274429f))));
    float tail = scale * exp(-0.5f * d * d) * series;
    return d > 0 ? 1 - tail : tail;
}

kernel void black_scholes(device const float *spot [[buffer(0)]],
                          device const float *strike [[buffer(1)]],
                          device const float *years [[buffer(2)]],
                          device float *call [[buffer(3)]], device float *put [[buffer(4)]],
                          constant Market &market [[buffer(5)]],
                          uint i [[thread_position_in_grid]])
{
    float s = spot[i], x = strike[i], t = years[i];
    float deviation = market.volatility * sqrt(t);
    float drift = market.rate + 0.5f * market.volatility * market.volatility;
    float d1 = (log(s / x) + drift * t) / deviation;
    float n1 = normal_distribution(d1), n2 = normal_distribution(d1 - deviation);
    float discounted = x * exp(-market.rate * t);
    call[i] = s * n1 - discounted * n2;
    put[i] = discounted * (1 - n2) - s * (1 - n1);
}
