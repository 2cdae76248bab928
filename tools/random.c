/* SPDX-License-Identifier: MIT */
/*
 * Random numbers that have the same bits on every machine.
 *
 *   mix(z)       z ^= z >> 30, z *= 0xbf58476d1ce4e5b9, z ^= z >> 27,
 *                z *= 0x94d049bb133111eb, z ^= z >> 31   (all modulo 2^64)
 *   key          mix(seed + G) with G = 0x9e3779b97f4a7c15
 *   bits(index)  mix(key + (index + 1) * G)
 *   normal       the inverse of the normal distribution function at (bits >> 11 + 0.5) / 2^53
 *
 * Method: Steele, Lea and Flood, "Fast splittable pseudorandom number generators", OOPSLA
 * 2014; Wichura, "Algorithm AS 241: the percentage points of the normal distribution",
 * Applied Statistics 37 (1988). Only + - * / and sqrt are used, which IEEE 754 rounds the
 * same everywhere; a logarithm of the C library would not be.
 */
#include "random.h"

#include <math.h>

#define GOLDEN 0x9e3779b97f4a7c15ull

static uint64_t mix(uint64_t z)
{
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9ull;
    z = (z ^ z >> 27) * 0x94d049bb133111ebull;
    return z ^ z >> 31;
}

uint64_t tj_random_key(uint64_t seed)
{
    return mix(seed + GOLDEN);
}

uint64_t tj_random_bits(uint64_t key, uint64_t index)
{
    return mix(key + (index + 1) * GOLDEN);
}

/* Natural logarithm of a positive number, by log(m) = 2 atanh((m-1)/(m+1)). */
static double log_positive(double x)
{
    int exponent;
    double m = frexp(x, &exponent); /* exact */

    if (m < 0.70710678118654752440) {
        m *= 2;
        exponent--;
    }
    double t = (m - 1) / (m + 1);
    double t2 = t * t;
    double sum = 0;
    for (int k = 23; k >= 1; k -= 2) /* |t| < 0.1716: the rest is below 2^-60 */
        sum = sum * t2 + 1.0 / k;
    return 2 * t * sum + exponent * 0.69314718055994530942;
}

/* Both polynomials from the constant term up. */
static double ratio(const double numerator[8], const double denominator[8], double x)
{
    double over = numerator[7];
    double under = denominator[7];

    for (int i = 6; i >= 0; i--) {
        over = over * x + numerator[i];
        under = under * x + denominator[i];
    }
    return over / under;
}

static const double center[2][8] = {
    {3.3871328727963666080e0, 1.3314166789178437745e2, 1.9715909503065514427e3,
     1.3731693765509461125e4, 4.5921953931549871457e4, 6.7265770927008700853e4,
     3.3430575583588128105e4, 2.5090809287301226727e3},
    {1.0, 4.2313330701600911252e1, 6.8718700749205790830e2, 5.3941960214247511077e3,
     2.1213794301586595867e4, 3.9307895800092710610e4, 2.8729085735721942674e4,
     5.2264952788528545610e3},
};
static const double tail[2][8] = {
    {1.42343711074968357734e0, 4.63033784615654529590e0, 5.76949722146069140550e0,
     3.64784832476320460504e0, 1.27045825245236838258e0, 2.41780725177450611770e-1,
     2.27238449892691845833e-2, 7.74545014278341407640e-4},
    {1.0, 2.05319162663775882187e0, 1.67638483018380384940e0, 6.89767334985100004550e-1,
     1.48103976427480074590e-1, 1.51986665636164571966e-2, 5.47593808499534494600e-4,
     1.05075007164441684324e-9},
};
static const double far_tail[2][8] = {
    {6.65790464350110377720e0, 5.46378491116411436990e0, 1.78482653991729133580e0,
     2.96560571828504891230e-1, 2.65321895265761230930e-2, 1.24266094738807843860e-3,
     2.71155556874348757815e-5, 2.01033439929228813265e-7},
    {1.0, 5.99832206555887937690e-1, 1.36929880922735805310e-1, 1.48753612908506148525e-2,
     7.86869131145613259100e-4, 1.84631831751005468180e-5, 1.42151175831644588870e-7,
     2.04426310338993978564e-15},
};

static double normal_quantile(double p)
{
    double q = p - 0.5;

    if (fabs(q) <= 0.425)
        return q * ratio(center[0], center[1], 0.180625 - q * q);
    double r = sqrt(-log_positive(q < 0 ? p : 1 - p));
    double x =
        r <= 5 ? ratio(tail[0], tail[1], r - 1.6) : ratio(far_tail[0], far_tail[1], r - 5);
    return q < 0 ? -x : x;
}

double tj_random_normal(uint64_t key, uint64_t index)
{
    double step = (double)(tj_random_bits(key, index) >> 11);

    /* 0.5 is lost to rounding for the largest steps: keep below 1. */
    double p = (step + 0.5) * 0x1p-53;
    return normal_quantile(p < 1 ? p : 1 - 0x1p-53);
}
