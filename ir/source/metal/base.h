// SPDX-License-Identifier: MIT
// Metal's library for clang in C++ mode on a target whose default address space is generic.
// First the words of the language, scalar types and type traits.
#define device __attribute__((address_space(1)))
#define threadgroup __attribute__((address_space(3)))
#define constant const __attribute__((address_space(4)))
#define thread
// Code of the library has no lines of its own: messages name the line that uses it.
#define TJ_INLINE inline __attribute__((always_inline, nodebug))
#define TJ_LAMBDA __attribute__((always_inline, nodebug))

typedef unsigned char uchar;
typedef unsigned short ushort;
typedef unsigned int uint;
typedef unsigned long ulong;
typedef _Float16 half;
typedef __bf16 bfloat;
typedef signed char int8_t;
typedef unsigned char uint8_t;
typedef short int16_t;
typedef unsigned short uint16_t;
typedef int int32_t;
typedef unsigned int uint32_t;
typedef long int64_t;
typedef unsigned long uint64_t;
typedef unsigned long size_t;
typedef long ptrdiff_t;
typedef long intptr_t;
typedef unsigned long uintptr_t;
typedef decltype(nullptr) nullptr_t;

namespace metal {
using ::uchar, ::ushort, ::uint, ::ulong, ::half, ::bfloat;
using ::int8_t, ::uint8_t, ::int16_t, ::uint16_t, ::int32_t, ::uint32_t, ::int64_t, ::uint64_t;
using ::size_t, ::ptrdiff_t, ::intptr_t, ::uintptr_t, ::nullptr_t;

// ---- traits ---------------------------------------------------------------------------------
template <class T, T V> struct integral_constant {
    static constexpr T value = V;
    typedef T value_type;
    typedef integral_constant type;
    constexpr operator T() const { return V; }
    constexpr T operator()() const { return V; }
};
template <bool V> using bool_constant = integral_constant<bool, V>;
typedef bool_constant<true> true_type;
typedef bool_constant<false> false_type;

template <bool, class T = void> struct enable_if {};
template <class T> struct enable_if<true, T> { typedef T type; };
template <bool C, class T = void> using enable_if_t = typename enable_if<C, T>::type;
template <bool, class A, class B> struct conditional { typedef A type; };
template <class A, class B> struct conditional<false, A, B> { typedef B type; };
template <bool C, class A, class B> using conditional_t = typename conditional<C, A, B>::type;

template <class A, class B> struct is_same : false_type {};
template <class A> struct is_same<A, A> : true_type {};
template <class A, class B> constexpr bool is_same_v = is_same<A, B>::value;

template <class T> struct remove_const { typedef T type; };
template <class T> struct remove_const<const T> { typedef T type; };
template <class T> struct remove_volatile { typedef T type; };
template <class T> struct remove_volatile<volatile T> { typedef T type; };
template <class T> struct remove_reference { typedef T type; };
template <class T> struct remove_reference<T &> { typedef T type; };
template <class T> struct remove_reference<T &&> { typedef T type; };
// Without an address space: it qualifies the type as const does.
template <class T> struct __remove_space { typedef T type; };
template <class T> struct __remove_space<device T> { typedef T type; };
template <class T> struct __remove_space<threadgroup T> { typedef T type; };
template <class T> struct __remove_space<__attribute__((address_space(4))) T> { typedef T type; };
template <class T> struct remove_cv {
    typedef typename remove_volatile<typename remove_const<T>::type>::type type;
};
template <class T> struct __plain {
    typedef typename remove_cv<typename __remove_space<typename remove_cv<
        typename remove_reference<T>::type>::type>::type>::type type;
};
template <class T> using __plain_t = typename __plain<T>::type;
template <class T> using remove_const_t = typename remove_const<T>::type;
template <class T> using remove_volatile_t = typename remove_volatile<T>::type;
template <class T> using remove_cv_t = typename remove_cv<T>::type;
template <class T> using remove_reference_t = typename remove_reference<T>::type;
template <class T> struct remove_cvref { typedef __plain_t<T> type; };
template <class T> using remove_cvref_t = __plain_t<T>;
template <class T> struct remove_pointer { typedef T type; };
template <class T> struct remove_pointer<T *> { typedef T type; };
template <class T> using remove_pointer_t = typename remove_pointer<T>::type;
template <class T> struct remove_address_space { typedef typename __remove_space<T>::type type; };
template <class T> using remove_address_space_t = typename remove_address_space<T>::type;
template <class T> using remove_addrspace_t = remove_address_space_t<T>;
template <class T> struct remove_addrspace : remove_address_space<T> {};
template <class T> struct add_const { typedef const T type; };
template <class T> using add_const_t = const T;
template <class T> struct add_pointer { typedef remove_reference_t<T> *type; };
template <class T> struct decay { typedef __plain_t<T> type; };
template <class T> using decay_t = __plain_t<T>;
template <class T> struct underlying_type { typedef __underlying_type(T) type; };
template <class T> using underlying_type_t = typename underlying_type<T>::type;
template <class T> struct __identity { typedef T type; };
template <class T> T &&declval() noexcept;

template <class T> constexpr bool is_integral_v = __is_integral(__plain_t<T>);
template <class T>
constexpr bool is_floating_point_v =
    is_same_v<__plain_t<T>, float> || is_same_v<__plain_t<T>, half> ||
    is_same_v<__plain_t<T>, bfloat>;
template <class T> constexpr bool is_arithmetic_v = is_integral_v<T> || is_floating_point_v<T>;
template <class T> constexpr bool is_scalar_v = is_arithmetic_v<T> || __is_enum(T);
template <class T> constexpr bool is_signed_v = is_arithmetic_v<T> && !__is_unsigned(__plain_t<T>);
template <class T> constexpr bool is_unsigned_v = __is_unsigned(__plain_t<T>);
template <class T> constexpr bool is_enum_v = __is_enum(T);
template <class T> constexpr bool is_class_v = __is_class(T);
template <class T> constexpr bool is_union_v = __is_union(T);
template <class T> constexpr bool is_pointer_v = __is_pointer(T);
template <class T> constexpr bool is_void_v = __is_void(T);
template <class T> constexpr bool is_array_v = __is_array(T);
template <class T> constexpr bool is_const_v = __is_const(T);
template <class T> constexpr bool is_volatile_v = __is_volatile(T);
template <class T> constexpr bool is_reference_v = __is_reference(T);
template <class T> constexpr bool is_empty_v = __is_empty(T);
template <class T> constexpr bool is_trivially_copyable_v = __is_trivially_copyable(T);
template <class A, class B> constexpr bool is_convertible_v = __is_convertible_to(A, B);
template <class A, class B> constexpr bool is_base_of_v = __is_base_of(A, B);
template <class T, class... A> constexpr bool is_constructible_v = __is_constructible(T, A...);
template <class T, class A> constexpr bool is_assignable_v = __is_assignable(T, A);
#define TJ_TRAIT(name) template <class T> struct name : bool_constant<name##_v<T>> {};
TJ_TRAIT(is_integral)
TJ_TRAIT(is_floating_point)
TJ_TRAIT(is_arithmetic)
TJ_TRAIT(is_scalar)
TJ_TRAIT(is_signed)
TJ_TRAIT(is_unsigned)
TJ_TRAIT(is_enum)
TJ_TRAIT(is_class)
TJ_TRAIT(is_union)
TJ_TRAIT(is_pointer)
TJ_TRAIT(is_void)
TJ_TRAIT(is_array)
TJ_TRAIT(is_const)
TJ_TRAIT(is_volatile)
TJ_TRAIT(is_reference)
TJ_TRAIT(is_trivially_copyable)
#undef TJ_TRAIT
template <class A, class B> struct is_convertible : bool_constant<is_convertible_v<A, B>> {};
template <class A, class B> struct is_base_of : bool_constant<is_base_of_v<A, B>> {};
template <class T, class... A>
struct is_constructible : bool_constant<is_constructible_v<T, A...>> {};

template <class... C> struct _disjunction : false_type {};
template <class C> struct _disjunction<C> : C {};
template <class C, class... D>
struct _disjunction<C, D...> : conditional_t<bool(C::value), C, _disjunction<D...>> {};
template <class... C> struct _conjunction : true_type {};
template <class C> struct _conjunction<C> : C {};
template <class C, class... D>
struct _conjunction<C, D...> : conditional_t<bool(C::value), _conjunction<D...>, C> {};
template <class C> struct _negation : bool_constant<!bool(C::value)> {};
template <class... C> using disjunction = _disjunction<C...>;
template <class... C> using conjunction = _conjunction<C...>;
template <class C> using negation = _negation<C>;
template <class... C> constexpr bool disjunction_v = _disjunction<C...>::value;
template <class... C> constexpr bool conjunction_v = _conjunction<C...>::value;
template <class C> constexpr bool negation_v = _negation<C>::value;

template <class T> struct __signs { typedef T s, u; };
#define TJ_SIGNS(S, U)                                                                         \
    template <> struct __signs<S> { typedef S s; typedef U u; };                               \
    template <> struct __signs<U> { typedef S s; typedef U u; };
TJ_SIGNS(signed char, uchar)
TJ_SIGNS(short, ushort)
TJ_SIGNS(int, uint)
TJ_SIGNS(long, ulong)
TJ_SIGNS(long long, unsigned long long)
#undef TJ_SIGNS
template <> struct __signs<char> { typedef char s; typedef uchar u; };
template <class T> struct make_signed { typedef typename __signs<remove_cv_t<T>>::s type; };
template <class T> struct make_unsigned { typedef typename __signs<remove_cv_t<T>>::u type; };
template <class T> using make_signed_t = typename make_signed<T>::type;
template <class T> using make_unsigned_t = typename make_unsigned<T>::type;

// ---- casts ------------------------------------------------------------------------------------
// static_cast, also between half and bfloat, which clang does not convert into each other.
template <class To, class From> constexpr bool __is_far =
    (is_same_v<__plain_t<To>, half> && is_same_v<__plain_t<From>, bfloat>) ||
    (is_same_v<__plain_t<To>, bfloat> && is_same_v<__plain_t<From>, half>);
template <class To, class From> TJ_INLINE constexpr To __sc(From &&from)
{
    if constexpr (__is_far<To, From>)
        return static_cast<To>(static_cast<float>(from));
    else
        return static_cast<To>(static_cast<From &&>(from));
}
// An arm of ?: as a value.
template <class T> TJ_INLINE constexpr T __rv(T value) { return value; }

template <class T> TJ_INLINE constexpr T &&__forward(remove_reference_t<T> &x)
{
    return static_cast<T &&>(x);
}
template <class T> TJ_INLINE constexpr void swap(thread T &a, thread T &b)
{
    T c = a;
    a = b;
    b = c;
}

// A bit pattern as another type of the same size.
template <class To, class From> TJ_INLINE constexpr To as_type(From from)
{
    static_assert(sizeof(To) == sizeof(From), "as_type between types of different sizes");
    return __builtin_bit_cast(To, from);
}

extern "C" bool __air_fc_defined(constant void *) __asm("air.is_function_constant_defined");
template <class T> TJ_INLINE bool __fc_defined(constant T *what)
{
    return __air_fc_defined((constant void *)what);
}

// ---- limits ------------------------------------------------------------------------------------
template <class T> struct _numeric_limits_impl {
    static constexpr bool is_specialized = false;
};
template <class T, class U, int Digits> struct __integer_limits {
    static constexpr bool is_specialized = true, is_integer = true, is_exact = true;
    static constexpr bool is_signed = T(-1) < T(0), has_infinity = false, has_quiet_NaN = false;
    static constexpr int digits = Digits - is_signed, radix = 2, digits10 = digits * 3 / 10;
    static constexpr T max() { return T(U(~U(0)) >> (is_signed ? 1 : 0)); }
    static constexpr T min() { return is_signed ? T(-max() - 1) : T(0); }
    static constexpr T lowest() { return min(); }
    static constexpr T epsilon() { return 0; }
    static constexpr T infinity() { return 0; }
    static constexpr T quiet_NaN() { return 0; }
};
#define TJ_LIMITS(T, U)                                                                        \
    template <> struct _numeric_limits_impl<T> : __integer_limits<T, U, 8 * sizeof(T)> {};
TJ_LIMITS(char, uchar)
TJ_LIMITS(signed char, uchar)
TJ_LIMITS(uchar, uchar)
TJ_LIMITS(short, ushort)
TJ_LIMITS(ushort, ushort)
TJ_LIMITS(int, uint)
TJ_LIMITS(uint, uint)
TJ_LIMITS(long, ulong)
TJ_LIMITS(ulong, ulong)
#undef TJ_LIMITS
template <> struct _numeric_limits_impl<bool> {
    static constexpr bool is_specialized = true, is_integer = true, is_signed = false;
    static constexpr int digits = 1;
    static constexpr bool max() { return true; }
    static constexpr bool min() { return false; }
    static constexpr bool lowest() { return false; }
};
#define TJ_LIMITS(T, DIGITS, MAX, MIN, EPSILON, DENORM)                                        \
    template <> struct _numeric_limits_impl<T> {                                               \
        static constexpr bool is_specialized = true, is_integer = false, is_exact = false;     \
        static constexpr bool is_signed = true, has_infinity = true, has_quiet_NaN = true;     \
        static constexpr int digits = DIGITS, radix = 2;                                       \
        static constexpr T max() { return T(MAX); }                                            \
        static constexpr T min() { return T(MIN); }                                            \
        static constexpr T lowest() { return T(-MAX); }                                        \
        static constexpr T epsilon() { return T(EPSILON); }                                    \
        static constexpr T round_error() { return T(0.5f); }                                   \
        static constexpr T infinity() { return T(__builtin_inff()); }                          \
        static constexpr T quiet_NaN() { return T(__builtin_nanf("")); }                       \
        static constexpr T signaling_NaN() { return T(__builtin_nanf("")); }                   \
        static constexpr T denorm_min() { return T(DENORM); }                                  \
    };
TJ_LIMITS(float, 24, 3.40282347e+38f, 1.17549435e-38f, 1.1920928955078125e-07f, 1.4e-45f)
TJ_LIMITS(half, 11, 65504.0f, 6.103515625e-05f, 0.0009765625f, 5.9604645e-08f)
TJ_LIMITS(bfloat, 8, 3.38953139e+38f, 1.17549435e-38f, 0.0078125f, 9.1835496e-41f)
#undef TJ_LIMITS
template <class T> struct numeric_limits : _numeric_limits_impl<remove_cv_t<T>> {};
} // namespace metal

using metal::as_type;
