// SPDX-License-Identifier: MIT
// Prices of European options. The normal distribution by Abramowitz and Stegun, Handbook of
// Mathematical Functions, 26.2.17.
typedef struct {
    float rate, volatility;
} market;

float normal_distribution(float d)
{
    float k = 1.0f / (1.0f + 0.2316419f * fabs(d));
    float poly =
        k * (0.31938153f +
             k * (-0.356563782f + k * (1.781477937f + k * (-1.821255978f + k * 1.330274429f))));
    float tail = 0.39894228f * exp(-0.5f * d * d) * poly;
    return d > 0.0f ? 1.0f - tail : tail;
}

kernel void black_scholes(global const float *spot, global const float *strike,
                          global const float *years, global float *call, global float *put,
                          market m)
{
    size_t i = get_global_id(0);
    float s = spot[i], x = strike[i], t = years[i];
    float drift = m.rate + 0.5f * m.volatility * m.volatility;
    float root = m.volatility * sqrt(t);
    float d1 = (log(s / x) + drift * t) / root;
    float n1 = normal_distribution(d1), n2 = normal_distribution(d1 - root);
    float discounted = x * exp(-m.rate * t);
    call[i] = s * n1 - discounted * n2;
    put[i] = discounted * (1.0f - n2) - s * (1.0f - n1);
}
