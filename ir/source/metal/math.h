// SPDX-License-Identifier: MIT
// Functions of numbers, by component. Each scalar form is a function of ir/intrinsics.def.
// They are templates, so that a kernel's own overloads in namespace metal win over them.
namespace metal {
template <class R, class A> TJ_INLINE constexpr R __to(A a)
{
    if constexpr (__count<R> == 1)
        return __sc<R>(a);
    else if constexpr (__count<A> == 1)
        return R(__sc<__element<R>>(a));
    else
        return R(__same<A>(a));
}

#define TJ_APPLY1(F)                                                                           \
    if constexpr (__count<R> == 1)                                                             \
        return F(p);                                                                           \
    else if constexpr (__count<R> == 2)                                                        \
        return {F(p.x), F(p.y)};                                                               \
    else if constexpr (__count<R> == 3)                                                        \
        return {F(p.x), F(p.y), F(p.z)};                                                       \
    else                                                                                       \
        return {F(p.x), F(p.y), F(p.z), F(p.w)};
#define TJ_APPLY2(F)                                                                           \
    if constexpr (__count<R> == 1)                                                             \
        return F(p, q);                                                                        \
    else if constexpr (__count<R> == 2)                                                        \
        return {F(p.x, q.x), F(p.y, q.y)};                                                     \
    else if constexpr (__count<R> == 3)                                                        \
        return {F(p.x, q.x), F(p.y, q.y), F(p.z, q.z)};                                        \
    else                                                                                       \
        return {F(p.x, q.x), F(p.y, q.y), F(p.z, q.z), F(p.w, q.w)};
#define TJ_APPLY3(F)                                                                           \
    if constexpr (__count<R> == 1)                                                             \
        return F(p, q, u);                                                                     \
    else if constexpr (__count<R> == 2)                                                        \
        return {F(p.x, q.x, u.x), F(p.y, q.y, u.y)};                                           \
    else if constexpr (__count<R> == 3)                                                        \
        return {F(p.x, q.x, u.x), F(p.y, q.y, u.y), F(p.z, q.z, u.z)};                         \
    else                                                                                       \
        return {F(p.x, q.x, u.x), F(p.y, q.y, u.y), F(p.z, q.z, u.z), F(p.w, q.w, u.w)};

// What a function of floats computes in: half as it is, all else in float.
template <class T> struct __floating_element { typedef float type; };
template <> struct __floating_element<half> { typedef half type; };
template <class T>
using __floating = __make_t<typename __floating_element<__element<T>>::type, __count<T>>;

// ---- declarations of the scalar functions -------------------------------------------------------
#define TJ_AIR1(P, air, F)                                                                     \
    extern "C" float __##P##F##_f32(float) __asm("air." air #F ".f32");                        \
    extern "C" half __##P##F##_f16(half) __asm("air." air #F ".f16");                          \
    TJ_INLINE float __##P##F(float p) { return __##P##F##_f32(p); }                            \
    TJ_INLINE half __##P##F(half p) { return __##P##F##_f16(p); }
#define TJ_AIR2(P, air, F)                                                                     \
    extern "C" float __##P##F##_f32(float, float) __asm("air." air #F ".f32");                 \
    extern "C" half __##P##F##_f16(half, half) __asm("air." air #F ".f16");                    \
    TJ_INLINE float __##P##F(float p, float q) { return __##P##F##_f32(p, q); }                \
    TJ_INLINE half __##P##F(half p, half q) { return __##P##F##_f16(p, q); }
#define TJ_AIR3(P, air, F)                                                                     \
    extern "C" float __##P##F##_f32(float, float, float) __asm("air." air #F ".f32");          \
    extern "C" half __##P##F##_f16(half, half, half) __asm("air." air #F ".f16");              \
    TJ_INLINE float __##P##F(float p, float q, float u) { return __##P##F##_f32(p, q, u); }    \
    TJ_INLINE half __##P##F(half p, half q, half u) { return __##P##F##_f16(p, q, u); }

// `F` is the name of AIR; most are Metal's too.
#define TJ_LIST1(M)                                                                            \
    M(acos) M(acosh) M(asin) M(asinh) M(atan) M(atanh) M(ceil) M(cos) M(cosh) M(cospi) M(exp)  \
    M(exp10) M(exp2) M(fabs) M(floor) M(fract) M(log) M(log10) M(log2) M(rint) M(round)        \
    M(rsqrt) M(saturate) M(sin) M(sinh) M(sinpi) M(sqrt) M(tan) M(tanh) M(tanpi) M(trunc)
#define TJ_LIST2(M) M(atan2) M(copysign) M(fmax) M(fmin) M(fmod) M(pow) M(powr) M(nextafter)
#define TJ_LIST3(M) M(fma) M(mix) M(fmax3) M(fmin3) M(fmedian3)

#define TJ_PLAIN1(F) TJ_AIR1(p_, "", F)
#define TJ_PLAIN2(F) TJ_AIR2(p_, "", F)
#define TJ_PLAIN3(F) TJ_AIR3(p_, "", F)
#define TJ_FAST1(F) TJ_AIR1(f_, "fast_", F)
#define TJ_FAST2(F) TJ_AIR2(f_, "fast_", F)
#define TJ_FAST3(F) TJ_AIR3(f_, "fast_", F)
TJ_LIST1(TJ_PLAIN1)
TJ_LIST2(TJ_PLAIN2)
TJ_LIST3(TJ_PLAIN3)
TJ_LIST1(TJ_FAST1)
TJ_LIST2(TJ_FAST2)
TJ_LIST3(TJ_FAST3)
TJ_PLAIN1(sign)
TJ_FAST1(sign)
TJ_PLAIN3(clamp)
TJ_FAST3(clamp)

// ---- functions without a namespace --------------------------------------------------------------
// In fast maths those of float are those of `fast`.
#ifdef TJ_FAST_MATH
#define TJ_MODE d_
#define TJ_DOT_NAME "air.fast_dot."
#define TJ_CHOICE1(F)                                                                          \
    TJ_INLINE float __d_##F(float p) { return __f_##F(p); }                                    \
    TJ_INLINE half __d_##F(half p) { return __p_##F(p); }
#define TJ_CHOICE2(F)                                                                          \
    TJ_INLINE float __d_##F(float p, float q) { return __f_##F(p, q); }                        \
    TJ_INLINE half __d_##F(half p, half q) { return __p_##F(p, q); }
#define TJ_CHOICE3(F)                                                                          \
    TJ_INLINE float __d_##F(float p, float q, float u) { return __f_##F(p, q, u); }            \
    TJ_INLINE half __d_##F(half p, half q, half u) { return __p_##F(p, q, u); }
TJ_LIST1(TJ_CHOICE1)
TJ_LIST2(TJ_CHOICE2)
TJ_LIST3(TJ_CHOICE3)
TJ_CHOICE1(sign)
TJ_CHOICE3(clamp)
#else
#define TJ_MODE p_
#define TJ_DOT_NAME "air.dot."
#endif

// ---- templates over scalars and vectors ---------------------------------------------------------
#define TJ_DEFINE1(P, F)                                                                       \
    template <class A> TJ_INLINE __floating<A> F(A a)                                          \
    {                                                                                          \
        typedef __floating<A> R;                                                               \
        R p = __to<R>(a);                                                                      \
        TJ_APPLY1(__##P##F)                                                                    \
    }
#define TJ_DEFINE2(P, F)                                                                       \
    template <class A, class B> TJ_INLINE __floating<__common2<A, B>> F(A a, B b)              \
    {                                                                                          \
        typedef __floating<__common2<A, B>> R;                                                 \
        R p = __to<R>(a), q = __to<R>(b);                                                      \
        TJ_APPLY2(__##P##F)                                                                    \
    }
#define TJ_DEFINE3(P, F)                                                                       \
    template <class A, class B, class C>                                                       \
    TJ_INLINE __floating<__common3<A, B, C>> F(A a, B b, C c)                                  \
    {                                                                                          \
        typedef __floating<__common3<A, B, C>> R;                                              \
        R p = __to<R>(a), q = __to<R>(b), u = __to<R>(c);                                      \
        TJ_APPLY3(__##P##F)                                                                    \
    }
#define TJ_IN_MODE1(P, F) TJ_DEFINE1(P, F)
#define TJ_HERE1(F) TJ_IN_MODE1(TJ_MODE, F)
#define TJ_EXACT1(F) TJ_DEFINE1(p_, F)
#define TJ_IN_MODE2(P, F) TJ_DEFINE2(P, F)
#define TJ_HERE2(F) TJ_IN_MODE2(TJ_MODE, F)
#define TJ_EXACT2(F) TJ_DEFINE2(p_, F)
#define TJ_IN_MODE3(P, F) TJ_DEFINE3(P, F)
#define TJ_HERE3(F) TJ_IN_MODE3(TJ_MODE, F)
#define TJ_EXACT3(F) TJ_DEFINE3(p_, F)
#define TJ_QUICK1(F) TJ_DEFINE1(f_, F)
#define TJ_QUICK2(F) TJ_DEFINE2(f_, F)
#define TJ_QUICK3(F) TJ_DEFINE3(f_, F)
TJ_LIST1(TJ_HERE1)
TJ_LIST2(TJ_HERE2)
TJ_LIST3(TJ_HERE3)
TJ_HERE1(sign)

// ---- integers -------------------------------------------------------------------------------------
#define TJ_INTEGERS(M)                                                                         \
    M(char, "s.i8") M(uchar, "u.i8") M(short, "s.i16") M(ushort, "u.i16") M(int, "s.i32")      \
    M(uint, "u.i32") M(long, "s.i64") M(ulong, "u.i64")
#define TJ_BITS(M)                                                                             \
    M(char, "i8") M(uchar, "i8") M(short, "i16") M(ushort, "i16") M(int, "i32")                \
    M(uint, "i32") M(long, "i64") M(ulong, "i64")
#define TJ_I1(F, air, T, name)                                                                 \
    extern "C" T __##F##_##T(T) __asm("air." air "." name);                                    \
    TJ_INLINE T __i_##F(T p) { return __##F##_##T(p); }
#define TJ_I2(F, air, T, name)                                                                 \
    extern "C" T __##F##_##T(T, T) __asm("air." air "." name);                                 \
    TJ_INLINE T __i_##F(T p, T q) { return __##F##_##T(p, q); }
#define TJ_I3(F, air, T, name)                                                                 \
    extern "C" T __##F##_##T(T, T, T) __asm("air." air "." name);                              \
    TJ_INLINE T __i_##F(T p, T q, T u) { return __##F##_##T(p, q, u); }
#define TJ_ABS(T, n) TJ_I1(abs, "abs", T, n)
#define TJ_MIN(T, n) TJ_I2(min, "min", T, n)
#define TJ_MAX(T, n) TJ_I2(max, "max", T, n)
#define TJ_ABSDIFF(T, n) TJ_I2(absdiff, "abs_diff", T, n)
#define TJ_ADDSAT(T, n) TJ_I2(addsat, "add_sat", T, n)
#define TJ_SUBSAT(T, n) TJ_I2(subsat, "sub_sat", T, n)
#define TJ_HADD(T, n) TJ_I2(hadd, "hadd", T, n)
#define TJ_RHADD(T, n) TJ_I2(rhadd, "rhadd", T, n)
#define TJ_MULHI(T, n) TJ_I2(mulhi, "mul_hi", T, n)
#define TJ_MIN3(T, n) TJ_I3(min3, "min3", T, n)
#define TJ_MAX3(T, n) TJ_I3(max3, "max3", T, n)
#define TJ_MEDIAN3(T, n) TJ_I3(median3, "median3", T, n)
#define TJ_CLAMP(T, n) TJ_I3(clamp, "clamp", T, n)
#define TJ_MADHI(T, n) TJ_I3(madhi, "mad_hi", T, n)
#define TJ_MADSAT(T, n) TJ_I3(madsat, "mad_sat", T, n)
#define TJ_POPCOUNT(T, n) TJ_I1(popcount, "popcount", T, n)
#define TJ_REVERSE(T, n) TJ_I1(reverse_bits, "reverse_bits", T, n)
#define TJ_ROTATE(T, n) TJ_I2(rotate, "rotate", T, n)
#define TJ_CLZ(T, name)                                                                        \
    extern "C" T __clz_##T(T, bool) __asm("air.clz." name);                                    \
    extern "C" T __ctz_##T(T, bool) __asm("air.ctz." name);                                    \
    TJ_INLINE T __i_clz(T p) { return __clz_##T(p, false); }                                   \
    TJ_INLINE T __i_ctz(T p) { return __ctz_##T(p, false); }
#define TJ_FIELD(T, name)                                                                      \
    extern "C" T __extract_##T(T, uint, uint) __asm("air.extract_bits." name);                 \
    extern "C" T __insert_##T(T, T, uint, uint) __asm("air.insert_bits." name);                \
    TJ_INLINE T __i_extract(T p, uint at, uint n) { return __extract_##T(p, at, n); }          \
    TJ_INLINE T __i_insert(T p, T q, uint at, uint n) { return __insert_##T(p, q, at, n); }
TJ_INTEGERS(TJ_ABS)
TJ_INTEGERS(TJ_MIN)
TJ_INTEGERS(TJ_MAX)
TJ_INTEGERS(TJ_ABSDIFF)
TJ_INTEGERS(TJ_ADDSAT)
TJ_INTEGERS(TJ_SUBSAT)
TJ_INTEGERS(TJ_HADD)
TJ_INTEGERS(TJ_RHADD)
TJ_INTEGERS(TJ_MULHI)
TJ_INTEGERS(TJ_MIN3)
TJ_INTEGERS(TJ_MAX3)
TJ_INTEGERS(TJ_MEDIAN3)
TJ_INTEGERS(TJ_CLAMP)
TJ_INTEGERS(TJ_MADHI)
TJ_INTEGERS(TJ_MADSAT)
TJ_INTEGERS(TJ_FIELD)
TJ_BITS(TJ_POPCOUNT)
TJ_BITS(TJ_REVERSE)
TJ_BITS(TJ_ROTATE)
TJ_BITS(TJ_CLZ)

template <class T>
using __if_integer = enable_if_t<is_integral_v<__element<T>> && !is_same_v<__element<T>, bool>>;
// The functions above know eight types; others are one of these by another name.
template <class T> struct __integer_element { typedef T type; };
template <> struct __integer_element<signed char> { typedef char type; };
template <> struct __integer_element<bool> { typedef uchar type; };
template <> struct __integer_element<long long> { typedef long type; };
template <> struct __integer_element<unsigned long long> { typedef ulong type; };
template <class T>
using __integer = __make_t<typename __integer_element<__element<T>>::type, __count<T>>;

#define TJ_INTEGER1(F)                                                                         \
    template <class A, class = __if_integer<A>> TJ_INLINE __same<A> F(A a)                     \
    {                                                                                          \
        typedef __integer<A> R;                                                                \
        R p = __to<R>(a);                                                                      \
        auto body = [](R p) TJ_LAMBDA -> R { TJ_APPLY1(__i_##F) };                             \
        return __to<__same<A>>(body(p));                                                       \
    }
#define TJ_INTEGER2(F)                                                                         \
    template <class A, class B, class = __if_integer<__common2<A, B>>>                         \
    TJ_INLINE __integer<__common2<A, B>> F(A a, B b)                                           \
    {                                                                                          \
        typedef __integer<__common2<A, B>> R;                                                  \
        R p = __to<R>(a), q = __to<R>(b);                                                      \
        TJ_APPLY2(__i_##F)                                                                     \
    }
#define TJ_INTEGER3(F)                                                                         \
    template <class A, class B, class C, class = __if_integer<__common3<A, B, C>>>             \
    TJ_INLINE __integer<__common3<A, B, C>> F(A a, B b, C c)                                   \
    {                                                                                          \
        typedef __integer<__common3<A, B, C>> R;                                               \
        R p = __to<R>(a), q = __to<R>(b), u = __to<R>(c);                                      \
        TJ_APPLY3(__i_##F)                                                                     \
    }
TJ_INTEGER1(popcount)
TJ_INTEGER1(reverse_bits)
TJ_INTEGER1(clz)
TJ_INTEGER1(ctz)
TJ_INTEGER2(absdiff)
TJ_INTEGER2(addsat)
TJ_INTEGER2(subsat)
TJ_INTEGER2(hadd)
TJ_INTEGER2(rhadd)
TJ_INTEGER2(mulhi)
TJ_INTEGER2(rotate)
TJ_INTEGER3(madhi)
TJ_INTEGER3(madsat)
TJ_INLINE int mul24(int a, int b) { return (a << 8 >> 8) * (b << 8 >> 8); }
TJ_INLINE uint mul24(uint a, uint b) { return (a & 0xffffffu) * (b & 0xffffffu); }
TJ_INLINE int mad24(int a, int b, int c) { return mul24(a, b) + c; }
TJ_INLINE uint mad24(uint a, uint b, uint c) { return mul24(a, b) + c; }
template <class A, class = __if_integer<A>> TJ_INLINE __integer<A> extract_bits(A a, uint at, uint n)
{
    typedef __integer<A> R;
    R p = __to<R>(a);
    auto one = [=](auto x) TJ_LAMBDA { return __i_extract(x, at, n); };
    TJ_APPLY1(one)
}
template <class A, class = __if_integer<A>>
TJ_INLINE __integer<A> insert_bits(A a, A b, uint at, uint n)
{
    typedef __integer<A> R;
    R p = __to<R>(a), q = __to<R>(b);
    auto one = [=](auto x, auto y) TJ_LAMBDA { return __i_insert(x, y, at, n); };
    TJ_APPLY2(one)
}

// ---- one name for integers and floats ----------------------------------------------------------
template <class T> constexpr bool __is_float = is_floating_point_v<__element<T>>;
#define TJ_BOTH1(F, FLOAT, P)                                                                  \
    template <class A> TJ_INLINE auto F(A a)                                                   \
    {                                                                                          \
        if constexpr (__is_float<A>) {                                                         \
            typedef __floating<A> R;                                                           \
            R p = __to<R>(a);                                                                  \
            auto body = [](R p) TJ_LAMBDA -> R { TJ_APPLY1(__##P##FLOAT) };                    \
            return __to<__same<A>>(body(p));                                                   \
        } else {                                                                               \
            typedef __integer<A> R;                                                            \
            R p = __to<R>(a);                                                                  \
            auto body = [](R p) TJ_LAMBDA -> R { TJ_APPLY1(__i_##F) };                         \
            return body(p);                                                                    \
        }                                                                                      \
    }
#define TJ_BOTH2(F, FLOAT, P)                                                                  \
    template <class A, class B, class C = __common2<A, B>> TJ_INLINE auto F(A a, B b)          \
    {                                                                                          \
        if constexpr (__is_float<C>) {                                                         \
            typedef __floating<C> R;                                                           \
            R p = __to<R>(a), q = __to<R>(b);                                                  \
            auto body = [](R p, R q) TJ_LAMBDA -> R { TJ_APPLY2(__##P##FLOAT) };               \
            return __to<C>(body(p, q));                                                        \
        } else {                                                                               \
            typedef __integer<C> R;                                                            \
            R p = __to<R>(a), q = __to<R>(b);                                                  \
            auto body = [](R p, R q) TJ_LAMBDA -> R { TJ_APPLY2(__i_##F) };                    \
            return __to<C>(body(p, q));                                                        \
        }                                                                                      \
    }
#define TJ_BOTH3(F, FLOAT, P)                                                                  \
    template <class A, class B, class D, class C = __common3<A, B, D>>                         \
    TJ_INLINE auto F(A a, B b, D d)                                                            \
    {                                                                                          \
        if constexpr (__is_float<C>) {                                                         \
            typedef __floating<C> R;                                                           \
            R p = __to<R>(a), q = __to<R>(b), u = __to<R>(d);                                  \
            auto body = [](R p, R q, R u) TJ_LAMBDA -> R { TJ_APPLY3(__##P##FLOAT) };          \
            return __to<C>(body(p, q, u));                                                     \
        } else {                                                                               \
            typedef __integer<C> R;                                                            \
            R p = __to<R>(a), q = __to<R>(b), u = __to<R>(d);                                  \
            auto body = [](R p, R q, R u) TJ_LAMBDA -> R { TJ_APPLY3(__i_##F) };               \
            return __to<C>(body(p, q, u));                                                     \
        }                                                                                      \
    }
#define TJ_BOTH(P)                                                                             \
    TJ_BOTH1(abs, fabs, P)                                                                     \
    TJ_BOTH2(min, fmin, P)                                                                     \
    TJ_BOTH2(max, fmax, P)                                                                     \
    TJ_BOTH3(min3, fmin3, P)                                                                   \
    TJ_BOTH3(max3, fmax3, P)                                                                   \
    TJ_BOTH3(median3, fmedian3, P)                                                             \
    TJ_BOTH3(clamp, clamp, P)
#define TJ_BOTH_IN_MODE(P) TJ_BOTH(P)
TJ_BOTH_IN_MODE(TJ_MODE)

// ---- what is made of others ---------------------------------------------------------------------
extern "C" float __ldexp_f32(float, int) __asm("air.ldexp.f32");
extern "C" half __ldexp_f16(half, int) __asm("air.ldexp.f16");
TJ_INLINE float __ldexp(float p, int q) { return __ldexp_f32(p, q); }
TJ_INLINE half __ldexp(half p, int q) { return __ldexp_f16(p, q); }
TJ_INLINE int __exponent(uint bits) { return int(bits >> 23 & 255u); }
TJ_INLINE int __ilogb(float x)
{
    uint bits = as_type<uint>(x) & 0x7fffffffu;
    if (bits >= 0x7f800000u)
        return bits == 0x7f800000u ? 2147483647 : -2147483647 - 1;
    if (bits >= 0x800000u)
        return int(bits >> 23) - 127;
    return bits ? -118 - int(__clz_uint(bits, false)) : -2147483647 - 1;
}
TJ_INLINE float __frexp_part(float x, thread int &exponent)
{
    uint bits = as_type<uint>(x);
    uint size = bits & 0x7fffffffu;
    exponent = 0;
    if (!size || size >= 0x7f800000u)
        return x;
    exponent = __ilogb(x) + 1;
    if (size < 0x800000u) {
        uint shift = __clz_uint(size, false) - 8u;
        size <<= shift;
    }
    return as_type<float>((bits & 0x80000000u) | (size & 0x7fffffu) | 0x3f000000u);
}
template <class A, class B> TJ_INLINE __floating<A> ldexp(A a, B b)
{
    typedef __floating<A> R;
    typedef __make_t<int, __count<A>> I;
    R p = __to<R>(a);
    I q = __to<I>(b);
    TJ_APPLY2(__ldexp)
}
template <class A> TJ_INLINE __make_t<int, __count<A>> ilogb(A a)
{
    typedef __make_t<int, __count<A>> R;
    __make_t<float, __count<A>> p = __to<__make_t<float, __count<A>>>(a);
    TJ_APPLY1(__ilogb)
}
TJ_INLINE float frexp(float x, thread int &e) { return __frexp_part(x, e); }
TJ_INLINE half frexp(half x, thread int &e) { return half(__frexp_part(float(x), e)); }
TJ_INLINE float modf(float x, thread float &whole)
{
    whole = __p_trunc(x);
    return __p_copysign(__builtin_isinf(x) ? 0.0f : x - whole, x);
}
TJ_INLINE half modf(half x, thread half &whole)
{
    whole = __p_trunc(x);
    return __p_copysign(__builtin_isinf(float(x)) ? half(0) : half(x - whole), x);
}
#ifdef TJ_FAST_MATH
TJ_INLINE float sincos(float x, thread float &c)
{
    c = __f_cos(x);
    return __f_sin(x);
}
#else
TJ_INLINE float sincos(float x, thread float &c)
{
    c = __p_cos(x);
    return __p_sin(x);
}
#endif
TJ_INLINE half sincos(half x, thread half &c)
{
    c = __p_cos(x);
    return __p_sin(x);
}
template <class A, class B> TJ_INLINE __floating<__common2<A, B>> fdim(A a, B b)
{
    typedef __floating<__common2<A, B>> R;
    R p = __to<R>(a), q = __to<R>(b);
    auto one = [](auto x, auto y) TJ_LAMBDA { return x > y ? decltype(x)(x - y) : decltype(x)(0); };
    TJ_APPLY2(one)
}
template <class A, class B> TJ_INLINE __floating<__common2<A, B>> step(A edge, B b)
{
    typedef __floating<__common2<A, B>> R;
    R p = __to<R>(edge), q = __to<R>(b);
    auto one = [](auto x, auto y) TJ_LAMBDA { return y < x ? decltype(x)(0) : decltype(x)(1); };
    TJ_APPLY2(one)
}
template <class A, class B, class C>
TJ_INLINE __floating<__common3<A, B, C>> smoothstep(A a, B b, C c)
{
    typedef __floating<__common3<A, B, C>> R;
    R p = __to<R>(a), q = __to<R>(b), u = __to<R>(c);
    R t = clamp((u - p) / (q - p), R(0), R(1));
    return t * t * (R(3) - R(2) * t);
}
template <class A> TJ_INLINE __same<A> reciprocal(A a) { return __same<A>(1) / __same<A>(a); }

// ---- kinds of numbers, by their bits: no fast maths gets in the way --------------------------------
TJ_INLINE bool __isnan(float x) { return (as_type<uint>(x) & 0x7fffffffu) > 0x7f800000u; }
TJ_INLINE bool __isnan(half x) { return (as_type<ushort>(x) & 0x7fffu) > 0x7c00u; }
TJ_INLINE bool __isnan(bfloat x) { return (as_type<ushort>(x) & 0x7fffu) > 0x7f80u; }
TJ_INLINE bool __isinf(float x) { return (as_type<uint>(x) & 0x7fffffffu) == 0x7f800000u; }
TJ_INLINE bool __isinf(half x) { return (as_type<ushort>(x) & 0x7fffu) == 0x7c00u; }
TJ_INLINE bool __isinf(bfloat x) { return (as_type<ushort>(x) & 0x7fffu) == 0x7f80u; }
TJ_INLINE bool __isfinite(float x) { return (as_type<uint>(x) & 0x7fffffffu) < 0x7f800000u; }
TJ_INLINE bool __isfinite(half x) { return (as_type<ushort>(x) & 0x7fffu) < 0x7c00u; }
TJ_INLINE bool __isfinite(bfloat x) { return (as_type<ushort>(x) & 0x7fffu) < 0x7f80u; }
TJ_INLINE bool __isnormal(float x)
{
    return __isfinite(x) && (as_type<uint>(x) & 0x7fffffffu) >= 0x800000u;
}
TJ_INLINE bool __isnormal(half x)
{
    return __isfinite(x) && (as_type<ushort>(x) & 0x7fffu) >= 0x400u;
}
TJ_INLINE bool __signbit(float x) { return as_type<uint>(x) >> 31; }
TJ_INLINE bool __signbit(half x) { return as_type<ushort>(x) >> 15; }
#define TJ_KIND(F)                                                                             \
    template <class A, class = enable_if_t<__is_float<A>>>                                     \
    TJ_INLINE __make_t<bool, __count<A>> F(A a)                                                \
    {                                                                                          \
        typedef __make_t<bool, __count<A>> R;                                                  \
        __same<A> p = a;                                                                       \
        TJ_APPLY1(__##F)                                                                       \
    }
TJ_KIND(isnan)
TJ_KIND(isinf)
TJ_KIND(isfinite)
TJ_KIND(isnormal)
TJ_KIND(signbit)
#undef TJ_KIND
template <class A> TJ_INLINE __make_t<bool, __count<A>> isunordered(A a, A b)
{
    return isnan(a) || isnan(b);
}
template <class A> TJ_INLINE __make_t<bool, __count<A>> isordered(A a, A b)
{
    return !(isnan(a) || isnan(b));
}

// ---- relational -----------------------------------------------------------------------------------
TJ_INLINE bool any(bool a) { return a; }
TJ_INLINE bool any(bool2 a) { return a.x || a.y; }
TJ_INLINE bool any(bool3 a) { return a.x || a.y || a.z; }
TJ_INLINE bool any(bool4 a) { return a.x || a.y || a.z || a.w; }
TJ_INLINE bool all(bool a) { return a; }
TJ_INLINE bool all(bool2 a) { return a.x && a.y; }
TJ_INLINE bool all(bool3 a) { return a.x && a.y && a.z; }
TJ_INLINE bool all(bool4 a) { return a.x && a.y && a.z && a.w; }
template <class A, class B, class C>
TJ_INLINE enable_if_t<(__count<C> >= 1), __common2<A, B>> select(A a, B b, C c)
{
    typedef __common2<A, B> R;
    typedef __make_t<bool, __count<R>> M;
    R p = __to<R>(a), q = __to<R>(b);
    M u = __to<M>(c);
    auto one = [](auto x, auto y, bool z) TJ_LAMBDA { return z ? y : x; };
    TJ_APPLY3(one)
}

// ---- geometry ---------------------------------------------------------------------------------------
typedef float __float2 __attribute__((ext_vector_type(2)));
typedef float __float3 __attribute__((ext_vector_type(3)));
typedef float __float4 __attribute__((ext_vector_type(4)));
typedef half __half2 __attribute__((ext_vector_type(2)));
typedef half __half3 __attribute__((ext_vector_type(3)));
typedef half __half4 __attribute__((ext_vector_type(4)));
TJ_INLINE __float2 __native(float2 v) { return {v.x, v.y}; }
TJ_INLINE __float3 __native(float3 v) { return {v.x, v.y, v.z}; }
TJ_INLINE __float4 __native(float4 v) { return {v.x, v.y, v.z, v.w}; }
TJ_INLINE __half2 __native(half2 v) { return {v.x, v.y}; }
TJ_INLINE __half3 __native(half3 v) { return {v.x, v.y, v.z}; }
TJ_INLINE __half4 __native(half4 v) { return {v.x, v.y, v.z, v.w}; }
#define TJ_DOT(T, N, name)                                                                     \
    extern "C" T __dot_##T##N(__##T##N, __##T##N) __asm(name);                                 \
    TJ_INLINE T dot(T##N a, T##N b) { return __dot_##T##N(__native(a), __native(b)); }
TJ_DOT(float, 2, TJ_DOT_NAME "v2f32")
TJ_DOT(float, 3, TJ_DOT_NAME "v3f32")
TJ_DOT(float, 4, TJ_DOT_NAME "v4f32")
TJ_DOT(half, 2, "air.dot.v2f16")
TJ_DOT(half, 3, "air.dot.v3f16")
TJ_DOT(half, 4, "air.dot.v4f16")
#undef TJ_DOT
TJ_INLINE bfloat dot(bfloat2 a, bfloat2 b) { return bfloat(dot(float2(a), float2(b))); }
TJ_INLINE bfloat dot(bfloat3 a, bfloat3 b) { return bfloat(dot(float3(a), float3(b))); }
TJ_INLINE bfloat dot(bfloat4 a, bfloat4 b) { return bfloat(dot(float4(a), float4(b))); }
template <class T, int N> TJ_INLINE enable_if_t<is_integral_v<T>, T> dot(vec<T, N> a, vec<T, N> b)
{
    T sum = 0;
    for (int i = 0; i < N; i++)
        sum += a[i] * b[i];
    return sum;
}
template <class T, int N> TJ_INLINE T length_squared(vec<T, N> a) { return dot(a, a); }
template <class T, int N> TJ_INLINE T length(vec<T, N> a) { return T(sqrt(dot(a, a))); }
template <class T, int N> TJ_INLINE T distance(vec<T, N> a, vec<T, N> b) { return length(a - b); }
template <class T, int N> TJ_INLINE T distance_squared(vec<T, N> a, vec<T, N> b)
{
    return dot(a - b, a - b);
}
template <class T, int N> TJ_INLINE vec<T, N> normalize(vec<T, N> a)
{
    return a * vec<T, N>(T(rsqrt(dot(a, a))));
}
template <class T> TJ_INLINE vec<T, 3> cross(vec<T, 3> a, vec<T, 3> b)
{
    return {T(a.y * b.z - a.z * b.y), T(a.z * b.x - a.x * b.z), T(a.x * b.y - a.y * b.x)};
}
template <class T, int N> TJ_INLINE vec<T, N> reflect(vec<T, N> i, vec<T, N> n)
{
    return i - n * vec<T, N>(T(2) * dot(n, i));
}
template <class T, int N> TJ_INLINE vec<T, N> refract(vec<T, N> i, vec<T, N> n, T eta)
{
    T d = dot(n, i), k = T(1) - eta * eta * (T(1) - d * d);
    return k < T(0) ? vec<T, N>(T(0))
                    : i * vec<T, N>(eta) - n * vec<T, N>(T(eta * d + sqrt(k)));
}
template <class T, int N> TJ_INLINE vec<T, N> faceforward(vec<T, N> n, vec<T, N> i, vec<T, N> r)
{
    return dot(r, i) < T(0) ? n : -n;
}

// ---- fast and precise: there are none for half, which becomes float -------------------------------
#define TJ_WIDE1(F) TJ_INLINE float F(half a) { return F(float(a)); }
#define TJ_WIDE2(F) TJ_INLINE float F(half a, half b) { return F(float(a), float(b)); }
#define TJ_WIDE3(F)                                                                            \
    TJ_INLINE float F(half a, half b, half c) { return F(float(a), float(b), float(c)); }
namespace fast {
TJ_LIST1(TJ_QUICK1)
TJ_LIST2(TJ_QUICK2)
TJ_LIST3(TJ_QUICK3)
TJ_LIST1(TJ_WIDE1)
TJ_LIST2(TJ_WIDE2)
TJ_LIST3(TJ_WIDE3)
TJ_QUICK1(sign)
TJ_BOTH(f_)
TJ_INLINE float sincos(float x, thread float &c)
{
    c = __f_cos(x);
    return __f_sin(x);
}
template <class A> TJ_INLINE __floating<A> divide(A a, A b) { return a / b; }
using metal::ldexp, metal::ilogb, metal::frexp, metal::modf, metal::fdim, metal::step;
using metal::smoothstep, metal::isnan, metal::isinf, metal::isfinite, metal::dot, metal::length;
using metal::distance, metal::normalize, metal::cross, metal::length_squared;
using metal::distance_squared, metal::reflect, metal::refract, metal::reciprocal;
} // namespace fast
namespace precise {
TJ_LIST1(TJ_EXACT1)
TJ_LIST2(TJ_EXACT2)
TJ_LIST3(TJ_EXACT3)
TJ_LIST1(TJ_WIDE1)
TJ_LIST2(TJ_WIDE2)
TJ_LIST3(TJ_WIDE3)
TJ_EXACT1(sign)
TJ_BOTH(p_)
TJ_INLINE float sincos(float x, thread float &c)
{
    c = __p_cos(x);
    return __p_sin(x);
}
TJ_INLINE half sincos(half x, thread half &c) { return metal::sincos(x, c); }
template <class A> TJ_INLINE __floating<A> divide(A a, A b) { return a / b; }
using metal::ldexp, metal::ilogb, metal::frexp, metal::modf, metal::fdim, metal::step;
using metal::smoothstep, metal::isnan, metal::isinf, metal::isfinite, metal::dot, metal::length;
using metal::distance, metal::normalize, metal::cross, metal::length_squared;
using metal::distance_squared, metal::reflect, metal::refract, metal::reciprocal;
} // namespace precise

// ---- names inside Apple's library that kernels use: the last operand is the maths mode ------------
#define TJ_METAL1(F)                                                                           \
    template <class A> TJ_INLINE auto __metal_##F(A a, bool = false) { return F(a); }
#define TJ_METAL2(F)                                                                           \
    template <class A, class B> TJ_INLINE auto __metal_##F(A a, B b, bool = false)             \
    {                                                                                          \
        return F(a, b);                                                                        \
    }
#define TJ_METAL3(F)                                                                           \
    template <class A, class B, class C>                                                       \
    TJ_INLINE auto __metal_##F(A a, B b, C c, bool = false)                                    \
    {                                                                                          \
        return F(a, b, c);                                                                     \
    }
TJ_LIST1(TJ_METAL1)
TJ_LIST2(TJ_METAL2)
TJ_LIST3(TJ_METAL3)
TJ_METAL1(sign)
TJ_METAL1(abs)
TJ_METAL1(ilogb)
TJ_METAL1(isnan)
TJ_METAL1(isinf)
TJ_METAL1(isfinite)
TJ_METAL1(isnormal)
TJ_METAL1(signbit)
TJ_METAL2(min)
TJ_METAL2(max)
TJ_METAL2(ldexp)
TJ_METAL2(fdim)
TJ_METAL2(isunordered)
TJ_METAL2(isordered)
TJ_METAL3(clamp)
TJ_METAL3(min3)
TJ_METAL3(max3)
TJ_METAL3(median3)
template <class A, class B> TJ_INLINE auto __metal_divide(A a, B b, bool = false) { return a / b; }
template <class A, class B> TJ_INLINE auto __metal_frexp(A a, thread B *e, bool = false)
{
    return frexp(a, *e);
}
template <class A, class B> TJ_INLINE auto __metal_modf(A a, thread B *e, bool = false)
{
    return modf(a, *e);
}
template <class A, class B> TJ_INLINE auto __metal_sincos(A a, thread B *c, bool = false)
{
    return sincos(a, *c);
}
} // namespace metal
