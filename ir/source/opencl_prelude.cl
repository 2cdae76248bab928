/* Functions of OpenCL C that AIR has no function for, in OpenCL C itself. Stands in front of
 * every source; a name that is declared here hides clang's own declarations of it, so that each
 * has all its types here. What starts with __tj is for this file alone.
 *
 * Numbers in polynomials are Chebyshev fits to 40 digits; error bounds are tested. */
#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Weverything"
#pragma OPENCL EXTENSION cl_khr_fp16 : enable
#pragma float_control(precise, on, push)
#define __TJ static inline __attribute__((overloadable, always_inline, nodebug))

/* A function of one number, for vectors and for half. */
#define __TJ_MAP1(f, S)                                                                        \
    __TJ S##2 f(S##2 x) { return (S##2)(f(x.s0), f(x.s1)); }                                   \
    __TJ S##3 f(S##3 x) { return (S##3)(f(x.s01), f(x.s2)); }                                  \
    __TJ S##4 f(S##4 x) { return (S##4)(f(x.lo), f(x.hi)); }                                   \
    __TJ S##8 f(S##8 x) { return (S##8)(f(x.lo), f(x.hi)); }                                   \
    __TJ S##16 f(S##16 x) { return (S##16)(f(x.lo), f(x.hi)); }
#define __TJ_MAP2(f, S, B)                                                                     \
    __TJ S##2 f(S##2 x, B##2 y) { return (S##2)(f(x.s0, y.s0), f(x.s1, y.s1)); }               \
    __TJ S##3 f(S##3 x, B##3 y) { return (S##3)(f(x.s01, y.s01), f(x.s2, y.s2)); }             \
    __TJ S##4 f(S##4 x, B##4 y) { return (S##4)(f(x.lo, y.lo), f(x.hi, y.hi)); }               \
    __TJ S##8 f(S##8 x, B##8 y) { return (S##8)(f(x.lo, y.lo), f(x.hi, y.hi)); }               \
    __TJ S##16 f(S##16 x, B##16 y) { return (S##16)(f(x.lo, y.lo), f(x.hi, y.hi)); }
#define __TJ_REAL1(f)                                                                          \
    __TJ half f(half x) { return (half)f((float)x); }                                          \
    __TJ_MAP1(f, float)                                                                        \
    __TJ_MAP1(f, half)
#define __TJ_REAL2(f)                                                                          \
    __TJ half f(half x, half y) { return (half)f((float)x, (float)y); }                        \
    __TJ_MAP2(f, float, float)                                                                 \
    __TJ_MAP2(f, half, half)
#define __TJ_REALI(f)                                                                          \
    __TJ half f(half x, int y) { return (half)f((float)x, y); }                                \
    __TJ_MAP2(f, float, int)                                                                   \
    __TJ_MAP2(f, half, int)
/* Pointers to results: to anywhere, or one function for each space. */
#if defined(__opencl_c_generic_address_space) || __OPENCL_C_VERSION__ == 200
#define __TJ_SPACES(F, ...) F(, __VA_ARGS__)
#else
#define __TJ_SPACES(F, ...) F(__private, __VA_ARGS__) F(__local, __VA_ARGS__) F(__global, __VA_ARGS__)
#endif

/* ---- maths ---- */

__TJ float cbrt(float x)
{
    float a = fabs(x), scale = 1.0f;
    if (!(a > 0.0f) || isinf(a))
        return x;
    if (a < 0x1p-126f) {
        a *= 0x1p24f;
        scale = 0x1p-8f;
    } else if (a > 0x1p120f) {
        a *= 0x1p-24f;
        scale = 0x1p8f;
    }
    float r = as_float(as_int(a) / 3 + 0x2a514067);
    r = r - (r * r * r - a) / (3.0f * r * r);
    r = r - (r * r * r - a) / (3.0f * r * r);
    float square = r * r;
    float low = fma(r, r, -square);
    r = r - fma(low, r, fma(square, r, -a)) / (3.0f * square);
    return copysign(r * scale, x);
}
__TJ_REAL1(cbrt)

__TJ float expm1(float x)
{
    if (fabs(x) >= 0.5f)
        return exp(x) - 1.0f;
    float p = 0.0001994487444f;
    p = fma(p, x, 0.001398218605f);
    p = fma(p, x, 0.008333236134f);
    p = fma(p, x, 0.04166579123f);
    p = fma(p, x, 0.166666668f);
    p = fma(p, x, 0.5000000122f);
    return fma(p, x * x, x);
}
__TJ_REAL1(expm1)

/* 2 atanh(x / (2 + x)) near 0; else log(u), u = 1 + x, and what the sum lost over u. */
__TJ float log1p(float x)
{
    if (fabs(x) < 0.25f) {
        float s = x / (2.0f + x);
        float z = s * s;
        float p = fma(z, fma(z, fma(z, 0.22222222f, 0.28571429f), 0.4f), 0.66666667f);
        float h = 0.5f * x * x;
        return x - (h - s * fma(z, p, h));
    }
    float u = 1.0f + x;
    if (!(u > 0.0f) || isinf(u))
        return log(u);
    float lost = x < 1.0f ? x - (u - 1.0f) : 1.0f - (u - x);
    return log(u) + lost / u;
}
__TJ_REAL1(log1p)

__TJ float hypot(float x, float y)
{
    float a = fabs(x), b = fabs(y);
    float large = a > b ? a : b;
    if (isinf(a) || isinf(b))
        return INFINITY;
    if (!(large > 0.0f))
        return a + b;
    bool is_large = large > 0x1p60f, is_small = large < 0x1p-60f;
    float scale = is_large ? 0x1p-70f : is_small ? 0x1p80f : 1.0f;
    a *= scale;
    b *= scale;
    return sqrt(fma(a, a, b * b)) * (is_large ? 0x1p70f : is_small ? 0x1p-80f : 1.0f);
}
__TJ_REAL2(hypot)

__TJ float fdim(float x, float y) { return x > y || isunordered(x, y) ? x - y : 0.0f; }
__TJ_REAL2(fdim)
__TJ float maxmag(float x, float y)
{
    float a = fabs(x), b = fabs(y);
    return a > b ? x : b > a ? y : fmax(x, y);
}
__TJ_REAL2(maxmag)
__TJ float minmag(float x, float y)
{
    float a = fabs(x), b = fabs(y);
    return a < b ? x : b < a ? y : fmin(x, y);
}
__TJ_REAL2(minmag)

__TJ float logb(float x)
{
    return isnan(x) ? x : isinf(x) ? INFINITY : x == 0.0f ? -INFINITY : (float)ilogb(x);
}
__TJ_REAL1(logb)

/* Up to 1 an odd polynomial; from there erfc(x) = exp(-x * x) * t * p(t), t = 1 / (1 + x / 2). */
__TJ float __tj_erf_low(float x)
{
    float s = x * x;
    float p = -9.667044571e-6f;
    p = fma(p, s, 0.0001126595903f);
    p = fma(p, s, -0.0008484080406f);
    p = fma(p, s, 0.005221031808f);
    p = fma(p, s, -0.02686543073f);
    p = fma(p, s, 0.112837825f);
    p = fma(p, s, -0.3761263847f);
    p = fma(p, s, 0.1283791671f);
    return fma(p, x, x);
}
__TJ float __tj_erfc_high(float x)
{
    float t = 1.0f / fma(0.5f, x, 1.0f);
    float p = -0.04996538258f;
    p = fma(p, t, 0.1447737535f);
    p = fma(p, t, -0.07106648118f);
    p = fma(p, t, -0.1411056658f);
    p = fma(p, t, 0.07261417968f);
    p = fma(p, t, 0.04978803137f);
    p = fma(p, t, 0.1851081314f);
    p = fma(p, t, 0.2454704958f);
    p = fma(p, t, 0.2822115738f);
    p = fma(p, t, 0.2820905292f);
    float square = x * x;
    float low = fma(x, x, -square);
    float e = exp(-square);
    return fma(-low, e, e) * (p * t);
}
__TJ float erf(float x)
{
    float a = fabs(x);
    if (!(a >= 1.0f))
        return __tj_erf_low(x);
    return copysign(a < 4.0f ? 1.0f - __tj_erfc_high(a) : 1.0f, x);
}
__TJ_REAL1(erf)
__TJ float erfc(float x)
{
    float a = fabs(x);
    if (!(a >= 0.75f))
        return 1.0f - __tj_erf_low(x);
    float tail = a < 10.2f ? __tj_erfc_high(a) : 0.0f;
    return x < 0.0f ? 2.0f - tail : tail;
}
__TJ_REAL1(erfc)

/* gamma(2 + t) = 1 + t * p(t), -0.5 <= t <= 1. */
__TJ float __tj_gamma_part(float t)
{
    float p = -8.884034714e-5f;
    p = fma(p, t, 0.0004385929168f);
    p = fma(p, t, -0.0009902540396f);
    p = fma(p, t, 0.002162694817f);
    p = fma(p, t, -0.002848564427f);
    p = fma(p, t, 0.01114059126f);
    p = fma(p, t, -0.0002657761596f);
    p = fma(p, t, 0.07425010442f);
    p = fma(p, t, 0.08157680866f);
    p = fma(p, t, 0.4118403055f);
    return fma(p, t, 0.4227843362f);
}
/* Of 2 <= x < 36.1: factors down to [2, 3), their roundings kept in the low part. */
__TJ float __tj_gamma_high(float x)
{
    float product = 1.0f, low = 0.0f;
    while (x >= 3.0f) {
        x -= 1.0f;
        float next = product * x;
        low = fma(low, x, fma(product, x, -next));
        product = next;
    }
    float t = x - 2.0f;
    float g = fma(__tj_gamma_part(t), t, 1.0f);
    return fma(product, g, low * g);
}
__TJ float tgamma(float x)
{
    if (isnan(x) || x > 36.0f)
        return isnan(x) ? x : INFINITY;
    if (x == 0.0f)
        return copysign(INFINITY, x);
    if (x < 0.0f && x == floor(x))
        return NAN;
    if (x < -42.0f)
        return 0.0f;
    if (fabs(x) < 0x1p-25f)
        return 1.0f / x;
    if (x > -3.0f) {
        float below = 1.0f, low = 0.0f;
        while (x < 1.5f) {
            float next = below * x;
            low = fma(low, x, fma(below, x, -next));
            below = next;
            x += 1.0f;
        }
        if (x >= 2.0f)
            return __tj_gamma_high(x) / (below + low);
        float t = x - 2.0f;
        return fma(__tj_gamma_part(t), t, 1.0f) / (below + low);
    }
    /* pi / (sin(pi x) gamma(1 - x)); some factors of gamma by themselves, as it may be out of
     * range where the quotient is not. */
    float z = 1.0f - x;
    float s = 3.14159265f / sinpi(x);
    if (z < 34.0f)
        return s / __tj_gamma_high(z);
    return s / __tj_gamma_high(z - 8.0f) /
           ((z - 1.0f) * (z - 2.0f) * (z - 3.0f) * (z - 4.0f)) /
           ((z - 5.0f) * (z - 6.0f) * (z - 7.0f) * (z - 8.0f));
}
__TJ_REAL1(tgamma)

__TJ float __tj_lgamma_positive(float x)
{
    if (x < 0x1p-20f)
        return -log(x);
    if (x < 0.5f)
        return log1p(x * __tj_gamma_part(x)) - log(x) - log1p(x);
    if (x < 3.0f) {
        float t = x < 1.5f ? x - 1.0f : x - 2.0f;
        float logarithm = log1p(t * __tj_gamma_part(t));
        return x < 1.5f ? logarithm - log1p(t) : logarithm;
    }
    if (x < 12.0f)
        return log(__tj_gamma_high(x));
    float z = 1.0f / x;
    float series = z * fma(z * z, fma(z * z, 0.00079365079f, -0.0027777778f), 0.083333333f);
    return x > 1e30f ? x * (log(x) - 1.0f)
                     : fma(x - 0.5f, log(x) - 1.0f, 0.41893853f) + series;
}
/* `*sign` of gamma(x). */
__TJ float __tj_lgamma(float x, int *sign)
{
    *sign = 1;
    if (isnan(x) || isinf(x))
        return x * x;
    if (x > 0.0f)
        return __tj_lgamma_positive(x);
    if (x == floor(x)) {
        *sign = x == 0.0f ? (signbit(x) ? -1 : 1) : 0;
        return INFINITY;
    }
    float s = sinpi(x);
    *sign = s < 0.0f ? -1 : 1;
    if (x > -0x1p-20f)
        return -log(-x);
    *sign = s > 0.0f ? 1 : -1;
    return log(3.14159265f / fabs(s)) - __tj_lgamma_positive(1.0f - x);
}
__TJ float lgamma(float x) { int sign; return __tj_lgamma(x, &sign); }
__TJ_REAL1(lgamma)
#define __TJ_PART(n, half) { int##n p; r.half = lgamma_r(x.half, &p); s.half = p; }
#define __TJ_LGAMMA_R(space, S)                                                                \
    __TJ S lgamma_r(S x, space int *sign)                                                      \
    { int s; float r = __tj_lgamma((float)x, &s); *sign = s; return (S)r; }                    \
    __TJ S##2 lgamma_r(S##2 x, space int2 *sign)                                               \
    { int a, b; S##2 r = (S##2)((S)__tj_lgamma((float)x.s0, &a), (S)__tj_lgamma((float)x.s1, &b)); \
      *sign = (int2)(a, b); return r; }                                                        \
    __TJ S##3 lgamma_r(S##3 x, space int3 *sign)                                               \
    { int a, b, c; S##3 r = (S##3)((S)__tj_lgamma((float)x.s0, &a), (S)__tj_lgamma((float)x.s1, &b), \
                                   (S)__tj_lgamma((float)x.s2, &c));                           \
      *sign = (int3)(a, b, c); return r; }
__TJ_SPACES(__TJ_LGAMMA_R, float)
__TJ_SPACES(__TJ_LGAMMA_R, half)
#define __TJ_LGAMMA_V(space, S)                                                                \
    __TJ S##4 lgamma_r(S##4 x, space int4 *sign)                                               \
    { int2 a, b; S##4 r = (S##4)(lgamma_r(x.lo, &a), lgamma_r(x.hi, &b));                      \
      *sign = (int4)(a, b); return r; }                                                        \
    __TJ S##8 lgamma_r(S##8 x, space int8 *sign)                                               \
    { int4 a, b; S##8 r = (S##8)(lgamma_r(x.lo, &a), lgamma_r(x.hi, &b));                      \
      *sign = (int8)(a, b); return r; }                                                        \
    __TJ S##16 lgamma_r(S##16 x, space int16 *sign)                                            \
    { int8 a, b; S##16 r = (S##16)(lgamma_r(x.lo, &a), lgamma_r(x.hi, &b));                    \
      *sign = (int16)(a, b); return r; }
__TJ_SPACES(__TJ_LGAMMA_V, float)
__TJ_SPACES(__TJ_LGAMMA_V, half)

/* x less y times the nearest integer to x / y, exactly: fmod by 128 y is exact, then each step
 * takes off a multiple of y that is at least half of what is left. `*low` are the last seven bits
 * of the quotient, with its sign. */
__TJ float __tj_remainder(float x, float y, int *low)
{
    *low = 0;
    if (isnan(x) || isnan(y) || isinf(x) || y == 0.0f)
        return NAN;
    if (isinf(y))
        return x;
    float b = fabs(y), a = fabs(x);
    uint quotient = 0;
    if (b < 0x1p120f)
        a = fmod(a, 128.0f * b);
    for (uint k = 64; k; k /= 2)
        if (a >= (float)k * b) { /* infinite: too large to be taken off */
            a -= (float)k * b;
            quotient += k;
        }
    float rest = b - a;
    if (a > rest || (a == rest && (quotient & 1))) {
        a = -rest;
        quotient += 1;
    }
    *low = (int)(quotient & 127) * ((signbit(x) != signbit(y)) ? -1 : 1);
    float result = signbit(x) ? -a : a;
    return a == 0.0f ? copysign(0.0f, x) : result;
}
__TJ float remainder(float x, float y) { int low; return __tj_remainder(x, y, &low); }
__TJ_REAL2(remainder)
#define __TJ_REMQUO(space, S)                                                                  \
    __TJ S remquo(S x, S y, space int *q)                                                      \
    { int a; S r = (S)__tj_remainder((float)x, (float)y, &a); *q = a; return r; }              \
    __TJ S##2 remquo(S##2 x, S##2 y, space int2 *q)                                            \
    { int a, b; S##2 r = (S##2)((S)__tj_remainder((float)x.s0, (float)y.s0, &a),               \
                                (S)__tj_remainder((float)x.s1, (float)y.s1, &b));              \
      *q = (int2)(a, b); return r; }                                                           \
    __TJ S##3 remquo(S##3 x, S##3 y, space int3 *q)                                            \
    { int a, b, c; S##3 r = (S##3)((S)__tj_remainder((float)x.s0, (float)y.s0, &a),            \
                                   (S)__tj_remainder((float)x.s1, (float)y.s1, &b),            \
                                   (S)__tj_remainder((float)x.s2, (float)y.s2, &c));           \
      *q = (int3)(a, b, c); return r; }
#define __TJ_REMQUO_V(space, S)                                                                \
    __TJ S##4 remquo(S##4 x, S##4 y, space int4 *q)                                            \
    { int2 a, b; S##4 r = (S##4)(remquo(x.lo, y.lo, &a), remquo(x.hi, y.hi, &b));              \
      *q = (int4)(a, b); return r; }                                                           \
    __TJ S##8 remquo(S##8 x, S##8 y, space int8 *q)                                            \
    { int4 a, b; S##8 r = (S##8)(remquo(x.lo, y.lo, &a), remquo(x.hi, y.hi, &b));              \
      *q = (int8)(a, b); return r; }                                                           \
    __TJ S##16 remquo(S##16 x, S##16 y, space int16 *q)                                        \
    { int8 a, b; S##16 r = (S##16)(remquo(x.lo, y.lo, &a), remquo(x.hi, y.hi, &b));            \
      *q = (int16)(a, b); return r; }
__TJ_SPACES(__TJ_REMQUO, float)
__TJ_SPACES(__TJ_REMQUO, half)
__TJ_SPACES(__TJ_REMQUO_V, float)
__TJ_SPACES(__TJ_REMQUO_V, half)

/* By squares; the parity of an int is not lost in a float. */
__TJ float pown(float x, int n)
{
    if (n == 0)
        return 1.0f;
    float size = pow(fabs(x), (float)n);
    return (n & 1) && signbit(x) ? -size : size;
}
__TJ_REALI(pown)
__TJ float powr(float x, float y)
{
    if (x < 0.0f || (x == 0.0f && y == 0.0f) || (x == 1.0f && isinf(y)) ||
        (isinf(x) && y == 0.0f) || isnan(x) || isnan(y))
        return NAN;
    return pow(fabs(x), y);
}
__TJ_REAL2(powr)
__TJ float rootn(float x, int n)
{
    if (n == 0 || (x < 0.0f && !(n & 1)))
        return NAN;
    float a = fabs(x), r;
    if (n == 1)
        return x;
    if (n == 2)
        r = sqrt(a);
    else if (n == 3)
        r = cbrt(a);
    else if (a == 0.0f || isinf(a))
        r = (a == 0.0f) == (n > 0) ? 0.0f : INFINITY;
    else
        r = exp2(log2(a) / (float)n);
    return (n & 1) && signbit(x) ? -r : r;
}
__TJ_REALI(rootn)

/* ---- common and geometric functions ---- */

#define __TJ_COMMON(T, S)                                                                      \
    __TJ T degrees(T x) { return x * (S)57.295779513082f; }                                    \
    __TJ T radians(T x) { return x * (S)0.017453292519943f; }                                  \
    __TJ T step(T edge, T x) { return select((T)1, (T)0, isless(x, edge)); }                   \
    __TJ T smoothstep(T a, T b, T x)                                                           \
    { T t = clamp((x - a) / (b - a), (T)0, (T)1); return t * t * ((S)3 - (S)2 * t); }
#define __TJ_COMMON_V(T, S)                                                                    \
    __TJ_COMMON(T, S)                                                                          \
    __TJ T step(S edge, T x) { return step((T)edge, x); }                                      \
    __TJ T smoothstep(S a, S b, T x) { return smoothstep((T)a, (T)b, x); }
#define __TJ_COMMONS(S)                                                                        \
    __TJ_COMMON_V(S##2, S) __TJ_COMMON_V(S##3, S) __TJ_COMMON_V(S##4, S)                       \
    __TJ_COMMON_V(S##8, S) __TJ_COMMON_V(S##16, S)
__TJ float degrees(float x) { return x * 57.295779513082f; }
__TJ float radians(float x) { return x * 0.017453292519943f; }
__TJ float step(float edge, float x) { return x < edge ? 0.0f : 1.0f; }
__TJ float smoothstep(float a, float b, float x)
{ float t = clamp((x - a) / (b - a), 0.0f, 1.0f); return t * t * (3.0f - 2.0f * t); }
__TJ half degrees(half x) { return (half)degrees((float)x); }
__TJ half radians(half x) { return (half)radians((float)x); }
__TJ half step(half edge, half x) { return x < edge ? (half)0 : (half)1; }
__TJ half smoothstep(half a, half b, half x)
{ half t = clamp((half)((x - a) / (b - a)), (half)0, (half)1); return t * t * ((half)3 - (half)2 * t); }
__TJ_COMMONS(float)
__TJ_COMMONS(half)

/* The power of two that brings the largest element near 1, so that squares stay in range. */
__TJ float __tj_scale(float largest)
{
    return largest > 0x1p60f ? 0x1p-70f : largest < 0x1p-60f ? 0x1p80f : 1.0f;
}
__TJ float __tj_largest(float x) { return fabs(x); }
__TJ float __tj_largest(float2 x) { return fmax(fabs(x.s0), fabs(x.s1)); }
__TJ float __tj_largest(float3 x) { return fmax(__tj_largest(x.s01), fabs(x.s2)); }
__TJ float __tj_largest(float4 x) { return fmax(__tj_largest(x.lo), __tj_largest(x.hi)); }
#define __TJ_GEOMETRIC(n)                                                                      \
    __TJ float length(float##n x)                                                              \
    {                                                                                          \
        float l = __tj_largest(x), s = __tj_scale(l);                                          \
        if (isinf(l))                                                                          \
            return INFINITY;                                                                   \
        return sqrt(dot(x * s, x * s)) / s;                                                    \
    }                                                                                          \
    __TJ float##n normalize(float##n x)                                                        \
    {                                                                                          \
        float l = __tj_largest(x), s = __tj_scale(l);                                          \
        if (l == 0.0f)                                                                         \
            return x;                                                                          \
        if (isinf(l))                                                                          \
            x = copysign(select((float##n)0.0f, (float##n)1.0f, isinf(x)), x), s = 1.0f;       \
        x *= s;                                                                                \
        return x / sqrt(dot(x, x));                                                            \
    }                                                                                          \
    __TJ float distance(float##n x, float##n y) { return length(x - y); }                      \
    __TJ float fast_length(float##n x) { return half_sqrt(dot(x, x)); }                        \
    __TJ float fast_distance(float##n x, float##n y) { return fast_length(x - y); }            \
    __TJ float##n fast_normalize(float##n x)                                                   \
    { float d = dot(x, x); return d == 0.0f ? x : x * half_rsqrt(d); }
__TJ_GEOMETRIC(2) __TJ_GEOMETRIC(3) __TJ_GEOMETRIC(4)
#define __TJ_GEOMETRIC_HALF(n)                                                                 \
    __TJ half length(half##n x) { return (half)length(convert_float##n(x)); }                  \
    __TJ half##n normalize(half##n x) { return convert_half##n(normalize(convert_float##n(x))); } \
    __TJ half distance(half##n x, half##n y) { return length(x - y); }
__TJ_GEOMETRIC_HALF(2) __TJ_GEOMETRIC_HALF(3) __TJ_GEOMETRIC_HALF(4)
__TJ float length(float x) { return fabs(x); }
__TJ float distance(float x, float y) { return fabs(x - y); }
__TJ float normalize(float x) { return sign(x); }
__TJ float fast_length(float x) { return fabs(x); }
__TJ float fast_distance(float x, float y) { return fabs(x - y); }
__TJ float fast_normalize(float x) { return sign(x); }
__TJ half length(half x) { return fabs(x); }
__TJ half distance(half x, half y) { return fabs(x - y); }
__TJ half normalize(half x) { return sign(x); }
#define __TJ_CROSS(S)                                                                          \
    __TJ S##3 cross(S##3 a, S##3 b) { return a.yzx * b.zxy - a.zxy * b.yzx; }                  \
    __TJ S##4 cross(S##4 a, S##4 b) { return (S##4)(cross(a.xyz, b.xyz), (S)0); }
__TJ_CROSS(float) __TJ_CROSS(half)

/* ---- work-items ---- */

__TJ size_t get_global_linear_id(void)
{
    return (get_global_id(2) * get_global_size(1) + get_global_id(1)) * get_global_size(0) +
           get_global_id(0);
}
/* Dimensions of one thread at the end do not count. */
__TJ uint get_work_dim(void)
{
    return get_global_size(2) > 1 ? 3 : get_global_size(1) > 1 ? 2 : 1;
}
size_t __tj_linear_id(void) __asm("air.get_local_linear_id.i64");
__TJ size_t __tj_local_size(void)
{
    return get_local_size(0) * get_local_size(1) * get_local_size(2);
}

/* ---- copies by a work-group ---- */

typedef uint __tj_event;
#define event_t __tj_event
#define __TJ_COPY(T)                                                                           \
    __TJ event_t async_work_group_copy(__local T *to, const __global T *from, size_t n, event_t e) \
    {                                                                                          \
        for (size_t i = __tj_linear_id(); i < n; i += __tj_local_size())                  \
            to[i] = from[i];                                                                   \
        return e;                                                                              \
    }                                                                                          \
    __TJ event_t async_work_group_copy(__global T *to, const __local T *from, size_t n, event_t e) \
    {                                                                                          \
        for (size_t i = __tj_linear_id(); i < n; i += __tj_local_size())                  \
            to[i] = from[i];                                                                   \
        return e;                                                                              \
    }                                                                                          \
    __TJ event_t async_work_group_strided_copy(__local T *to, const __global T *from, size_t n, \
                                               size_t stride, event_t e)                       \
    {                                                                                          \
        for (size_t i = __tj_linear_id(); i < n; i += __tj_local_size())                  \
            to[i] = from[i * stride];                                                          \
        return e;                                                                              \
    }                                                                                          \
    __TJ event_t async_work_group_strided_copy(__global T *to, const __local T *from, size_t n, \
                                               size_t stride, event_t e)                       \
    {                                                                                          \
        for (size_t i = __tj_linear_id(); i < n; i += __tj_local_size())                  \
            to[i * stride] = from[i];                                                          \
        return e;                                                                              \
    }
#define __TJ_COPIES(S)                                                                         \
    __TJ_COPY(S) __TJ_COPY(S##2) __TJ_COPY(S##3) __TJ_COPY(S##4) __TJ_COPY(S##8) __TJ_COPY(S##16)
__TJ_COPIES(char) __TJ_COPIES(uchar) __TJ_COPIES(short) __TJ_COPIES(ushort)
__TJ_COPIES(int) __TJ_COPIES(uint) __TJ_COPIES(long) __TJ_COPIES(ulong)
__TJ_COPIES(half) __TJ_COPIES(float)
#define __TJ_WAIT(space, T)                                                                    \
    __TJ void wait_group_events(int n, space T *events)                                        \
    { barrier(CLK_LOCAL_MEM_FENCE | CLK_GLOBAL_MEM_FENCE); }
__TJ_SPACES(__TJ_WAIT, event_t)

/* ---- sub-groups and work-groups ---- */

#if defined(cl_khr_subgroups) || defined(__opencl_c_subgroups)
__TJ uint get_sub_group_size(void)
{
    size_t rest = __tj_local_size() - get_sub_group_id() * 32;
    return rest < 32 ? (uint)rest : 32;
}
ulong __tj_ballot(bool) __asm("air.simd_ballot.i64");
__TJ uint4 sub_group_ballot(int p) { return (uint4)((uint)__tj_ballot(p != 0), 0, 0, 0); }
__TJ int sub_group_inverse_ballot(uint4 v) { return v.x >> get_sub_group_local_id() & 1; }
__TJ int sub_group_ballot_bit_extract(uint4 v, uint i) { return i < 32 ? v.x >> i & 1 : 0; }
__TJ uint sub_group_ballot_bit_count(uint4 v) { return popcount(v.x); }
__TJ uint sub_group_ballot_inclusive_scan(uint4 v)
{ return popcount(v.x & (2u << get_sub_group_local_id()) - 1); }
__TJ uint sub_group_ballot_exclusive_scan(uint4 v)
{ return popcount(v.x & (1u << get_sub_group_local_id()) - 1); }
__TJ uint sub_group_ballot_find_lsb(uint4 v) { return ctz(v.x); }
__TJ uint sub_group_ballot_find_msb(uint4 v) { return 31 - clz(v.x); }

#endif
#define __TJ_ADD(a, b) ((a) + (b))
/* Scans that AIR does not have: of 1, 2, 4, 8 and 16 lanes below. */
#define __TJ_SCAN(T, op, first)                                                                \
    __TJ T sub_group_scan_inclusive_##op(T x)                                                  \
    {                                                                                          \
        for (uint d = 1; d < 32; d *= 2) {                                                     \
            T below = sub_group_shuffle_up(x, d);                                              \
            x = get_sub_group_local_id() >= d ? op(below, x) : x;                              \
        }                                                                                      \
        return x;                                                                              \
    }                                                                                          \
    __TJ T sub_group_scan_exclusive_##op(T x)                                                  \
    {                                                                                          \
        T below = sub_group_shuffle_up(sub_group_scan_inclusive_##op(x), 1u);                  \
        return get_sub_group_local_id() ? below : (T)(first);                                  \
    }
/* One number of each sub-group in memory of the work-group. */
__local ulong *__tj_scratch(void);
#define __TJ_REDUCE(T, op, combine, first)                                                     \
    __TJ T __tj_share_##op(T x, uint count, T start)                                           \
    {                                                                                          \
        __local T *shared = (__local T *)__tj_scratch();                                       \
        barrier(CLK_LOCAL_MEM_FENCE);                                                          \
        if (get_sub_group_local_id() == 0)                                                     \
            shared[get_sub_group_id()] = x;                                                    \
        barrier(CLK_LOCAL_MEM_FENCE);                                                          \
        for (uint i = 0; i < count; i++)                                                       \
            start = combine(start, shared[i]);                                                 \
        return start;                                                                          \
    }                                                                                          \
    __TJ T work_group_reduce_##op(T x)                                                         \
    { return __tj_share_##op(sub_group_reduce_##op(x), get_num_sub_groups(), (T)(first)); }    \
    __TJ T work_group_scan_inclusive_##op(T x)                                                 \
    {                                                                                          \
        T before = __tj_share_##op(sub_group_reduce_##op(x), get_sub_group_id(), (T)(first));  \
        return combine(before, sub_group_scan_inclusive_##op(x));                              \
    }                                                                                          \
    __TJ T work_group_scan_exclusive_##op(T x)                                                 \
    {                                                                                          \
        T before = __tj_share_##op(sub_group_reduce_##op(x), get_sub_group_id(), (T)(first));  \
        return combine(before, sub_group_scan_exclusive_##op(x));                              \
    }
#define __TJ_BROADCAST(T)                                                                      \
    __TJ T __tj_broadcast(T x, bool is_it)                                                     \
    {                                                                                          \
        __local T *shared = (__local T *)__tj_scratch();                                       \
        barrier(CLK_LOCAL_MEM_FENCE);                                                          \
        if (is_it)                                                                             \
            shared[0] = x;                                                                     \
        barrier(CLK_LOCAL_MEM_FENCE);                                                          \
        return shared[0];                                                                      \
    }                                                                                          \
    __TJ T work_group_broadcast(T v, size_t x) { return __tj_broadcast(v, get_local_id(0) == x); } \
    __TJ T work_group_broadcast(T v, size_t x, size_t y)                                       \
    { return __tj_broadcast(v, get_local_id(0) == x && get_local_id(1) == y); }                \
    __TJ T work_group_broadcast(T v, size_t x, size_t y, size_t z)                             \
    { return __tj_broadcast(v, get_local_id(0) == x && get_local_id(1) == y && get_local_id(2) == z); }
#define __TJ_GROUP(T, least, largest)                                                          \
    __TJ_SCAN(T, min, largest)                                                                 \
    __TJ_SCAN(T, max, least)                                                                   \
    __TJ_REDUCE(T, add, __TJ_ADD, 0)                                                           \
    __TJ_REDUCE(T, min, min, largest)                                                          \
    __TJ_REDUCE(T, max, max, least)                                                            \
    __TJ_BROADCAST(T)
#if defined(__opencl_c_work_group_collective_functions) || __OPENCL_C_VERSION__ >= 200
__TJ_GROUP(int, INT_MIN, INT_MAX)
__TJ_GROUP(uint, 0, UINT_MAX)
__TJ_GROUP(long, LONG_MIN, LONG_MAX)
__TJ_GROUP(ulong, 0, ULONG_MAX)
__TJ_GROUP(float, -INFINITY, INFINITY)
__TJ_GROUP(half, -INFINITY, INFINITY)
__TJ int work_group_all(int p) { return work_group_reduce_min((int)(p != 0)); }
__TJ int work_group_any(int p) { return work_group_reduce_max((int)(p != 0)); }
#endif
#pragma float_control(pop)
#pragma clang diagnostic pop
