// SPDX-License-Identifier: MIT
// Vectors as classes: native ones have no constructors of several arguments in C++, no bool
// results, and no swizzles that templates understand. A swizzle is a property, which takes no
// storage; reads give a vector, so that auto and deduction work, and writes go to the parts.
namespace metal {
template <class T, int N> struct vec;
template <class T, int N> struct packed_vec;

// The letters, once for each place of a swizzle: a macro does not expand inside itself.
#define TJ_A2(M, ...) M(x, r, ##__VA_ARGS__) M(y, g, ##__VA_ARGS__)
#define TJ_A3(M, ...) TJ_A2(M, ##__VA_ARGS__) M(z, b, ##__VA_ARGS__)
#define TJ_A4(M, ...) TJ_A3(M, ##__VA_ARGS__) M(w, a, ##__VA_ARGS__)
#define TJ_B2(M, ...) M(x, r, ##__VA_ARGS__) M(y, g, ##__VA_ARGS__)
#define TJ_B3(M, ...) TJ_B2(M, ##__VA_ARGS__) M(z, b, ##__VA_ARGS__)
#define TJ_B4(M, ...) TJ_B3(M, ##__VA_ARGS__) M(w, a, ##__VA_ARGS__)
#define TJ_C2(M, ...) M(x, r, ##__VA_ARGS__) M(y, g, ##__VA_ARGS__)
#define TJ_C3(M, ...) TJ_C2(M, ##__VA_ARGS__) M(z, b, ##__VA_ARGS__)
#define TJ_C4(M, ...) TJ_C3(M, ##__VA_ARGS__) M(w, a, ##__VA_ARGS__)
#define TJ_D2(M, ...) M(x, r, ##__VA_ARGS__) M(y, g, ##__VA_ARGS__)
#define TJ_D3(M, ...) TJ_D2(M, ##__VA_ARGS__) M(z, b, ##__VA_ARGS__)
#define TJ_D4(M, ...) TJ_D3(M, ##__VA_ARGS__) M(w, a, ##__VA_ARGS__)

#define TJ_GET TJ_INLINE constexpr
#define TJ_SWIZZLE2(B, b, A, a)                                                                \
    TJ_GET vec<T, 2> __g_##A##B() const { return vec<T, 2>(this->A, this->B); }                \
    TJ_GET void __p_##A##B(vec<T, 2> v) { this->A = v.x, this->B = v.y; }                      \
    __declspec(property(get = __g_##A##B, put = __p_##A##B)) vec<T, 2> A##B, a##b;
#define TJ_SWIZZLE3(C, c, B, b, A, a)                                                          \
    TJ_GET vec<T, 3> __g_##A##B##C() const                                                     \
    {                                                                                          \
        return vec<T, 3>(this->A, this->B, this->C);                                           \
    }                                                                                          \
    TJ_GET void __p_##A##B##C(vec<T, 3> v) { this->A = v.x, this->B = v.y, this->C = v.z; }    \
    __declspec(property(get = __g_##A##B##C, put = __p_##A##B##C)) vec<T, 3> A##B##C, a##b##c;
#define TJ_SWIZZLE4(D, d, C, c, B, b, A, a)                                                    \
    TJ_GET vec<T, 4> __g_##A##B##C##D() const                                                  \
    {                                                                                          \
        return vec<T, 4>(this->A, this->B, this->C, this->D);                                  \
    }                                                                                          \
    TJ_GET void __p_##A##B##C##D(vec<T, 4> v)                                                  \
    {                                                                                          \
        this->A = v.x, this->B = v.y, this->C = v.z, this->D = v.w;                            \
    }                                                                                          \
    __declspec(property(get = __g_##A##B##C##D, put = __p_##A##B##C##D)) vec<T, 4> A##B##C##D, \
        a##b##c##d;

#define TJ_X2(A, a) TJ_B2(TJ_SWIZZLE2, A, a) TJ_B2(TJ_Y2, A, a)
#define TJ_Y2(B, b, A, a) TJ_C2(TJ_SWIZZLE3, B, b, A, a) TJ_C2(TJ_Z2, B, b, A, a)
#define TJ_Z2(C, c, B, b, A, a) TJ_D2(TJ_SWIZZLE4, C, c, B, b, A, a)
#define TJ_X3(A, a) TJ_B3(TJ_SWIZZLE2, A, a) TJ_B3(TJ_Y3, A, a)
#define TJ_Y3(B, b, A, a) TJ_C3(TJ_SWIZZLE3, B, b, A, a) TJ_C3(TJ_Z3, B, b, A, a)
#define TJ_Z3(C, c, B, b, A, a) TJ_D3(TJ_SWIZZLE4, C, c, B, b, A, a)
#define TJ_X4(A, a) TJ_B4(TJ_SWIZZLE2, A, a) TJ_B4(TJ_Y4, A, a)
#define TJ_Y4(B, b, A, a) TJ_C4(TJ_SWIZZLE3, B, b, A, a) TJ_C4(TJ_Z4, B, b, A, a)
#define TJ_Z4(C, c, B, b, A, a) TJ_D4(TJ_SWIZZLE4, C, c, B, b, A, a)
#define TJ_SINGLE2                                                                             \
    TJ_GET T __g_r() const { return this->x; }                                                 \
    TJ_GET void __p_r(T v) { this->x = v; }                                                    \
    __declspec(property(get = __g_r, put = __p_r)) T r;                                        \
    TJ_GET T __g_g() const { return this->y; }                                                 \
    TJ_GET void __p_g(T v) { this->y = v; }                                                    \
    __declspec(property(get = __g_g, put = __p_g)) T g;
#define TJ_SINGLE3                                                                             \
    TJ_SINGLE2                                                                                 \
    TJ_GET T __g_b() const { return this->z; }                                                 \
    TJ_GET void __p_b(T v) { this->z = v; }                                                    \
    __declspec(property(get = __g_b, put = __p_b)) T b;
#define TJ_SINGLE4                                                                             \
    TJ_SINGLE3                                                                                 \
    TJ_GET T __g_a() const { return this->w; }                                                 \
    TJ_GET void __p_a(T v) { this->w = v; }                                                    \
    __declspec(property(get = __g_a, put = __p_a)) T a;
#define TJ_SWIZZLES2 TJ_SINGLE2 TJ_A2(TJ_X2)
#define TJ_SWIZZLES3 TJ_SINGLE3 TJ_A3(TJ_X3)
#define TJ_SWIZZLES4 TJ_SINGLE4 TJ_A4(TJ_X4)

// One expression per component: `E` is a macro of a component's name.
#define TJ_EACH2(R, E) R(E(x), E(y))
#define TJ_EACH3(R, E) R(E(x), E(y), E(z))
#define TJ_EACH4(R, E) R(E(x), E(y), E(z), E(w))
#define TJ_BOOLS(N) vec<bool, N>

#define TJ_ADD(c) T(p.c + q.c)
#define TJ_SUB(c) T(p.c - q.c)
#define TJ_MUL(c) T(p.c * q.c)
#define TJ_DIV(c) T(p.c / q.c)
#define TJ_REM(c) T(p.c % q.c)
#define TJ_AND(c) T(p.c & q.c)
#define TJ_OR(c) T(p.c | q.c)
#define TJ_XOR(c) T(p.c ^ q.c)
#define TJ_SHL(c) T(p.c << q.c)
#define TJ_SHR(c) T(p.c >> q.c)
#define TJ_EQ(c) p.c == q.c
#define TJ_NE(c) p.c != q.c
#define TJ_LT(c) p.c < q.c
#define TJ_LE(c) p.c <= q.c
#define TJ_GT(c) p.c > q.c
#define TJ_GE(c) p.c >= q.c
#define TJ_LAND(c) p.c && q.c
#define TJ_LOR(c) p.c || q.c
#define TJ_NEG(c) T(-p.c)
#define TJ_PLUS(c) T(+p.c)
#define TJ_NOT(c) T(~p.c)
#define TJ_LNOT(c) !p.c

#define TJ_OPERATOR(N, R, OP, E)                                                               \
    friend TJ_INLINE constexpr R operator OP(vec p, vec q) { return TJ_EACH##N(R, E); }
#define TJ_ARITHMETIC(N, OP, E)                                                                \
    TJ_OPERATOR(N, vec, OP, E)                                                                 \
    TJ_INLINE constexpr vec &operator OP##=(vec q)                                             \
    {                                                                                          \
        return *this = *this OP q;                                                             \
    }
#define TJ_SHIFT(N, OP, E)                                                                     \
    TJ_ARITHMETIC(N, OP, E)                                                                    \
    template <class U> friend TJ_INLINE constexpr vec operator OP(vec p, vec<U, N> q)          \
    {                                                                                          \
        return TJ_EACH##N(vec, E);                                                             \
    }
#define TJ_UNARY(N, R, OP, E)                                                                  \
    friend TJ_INLINE constexpr R operator OP(vec p) { return TJ_EACH##N(R, E); }
#define TJ_COMPARE(N, OP, E)                                                                   \
    friend TJ_INLINE constexpr vec<bool, N> operator OP(vec p, vec q)                          \
    {                                                                                          \
        return TJ_EACH##N(TJ_BOOLS(N), E);                                                     \
    }
#define TJ_OPERATORS(N)                                                                        \
    TJ_ARITHMETIC(N, +, TJ_ADD)                                                                \
    TJ_ARITHMETIC(N, -, TJ_SUB)                                                                \
    TJ_ARITHMETIC(N, *, TJ_MUL)                                                                \
    TJ_ARITHMETIC(N, /, TJ_DIV)                                                                \
    TJ_ARITHMETIC(N, %, TJ_REM)                                                                \
    TJ_ARITHMETIC(N, &, TJ_AND)                                                                \
    TJ_ARITHMETIC(N, |, TJ_OR)                                                                 \
    TJ_ARITHMETIC(N, ^, TJ_XOR)                                                                \
    TJ_SHIFT(N, <<, TJ_SHL)                                                                    \
    TJ_SHIFT(N, >>, TJ_SHR)                                                                    \
    TJ_COMPARE(N, ==, TJ_EQ)                                                                   \
    TJ_COMPARE(N, !=, TJ_NE)                                                                   \
    TJ_COMPARE(N, <, TJ_LT)                                                                    \
    TJ_COMPARE(N, <=, TJ_LE)                                                                   \
    TJ_COMPARE(N, >, TJ_GT)                                                                    \
    TJ_COMPARE(N, >=, TJ_GE)                                                                   \
    TJ_COMPARE(N, &&, TJ_LAND)                                                                 \
    TJ_COMPARE(N, ||, TJ_LOR)                                                                  \
    TJ_UNARY(N, vec, -, TJ_NEG)                                                                \
    TJ_UNARY(N, vec, +, TJ_PLUS)                                                               \
    TJ_UNARY(N, vec, ~, TJ_NOT)                                                                \
    friend TJ_INLINE constexpr vec<bool, N> operator!(vec p)                                   \
    {                                                                                          \
        return TJ_EACH##N(TJ_BOOLS(N), TJ_LNOT);                                               \
    }                                                                                          \
    TJ_INLINE constexpr vec &operator++() { return *this += vec(T(1)); }                       \
    TJ_INLINE constexpr vec &operator--() { return *this -= vec(T(1)); }                       \
    TJ_INLINE constexpr vec operator++(int)                                                    \
    {                                                                                          \
        vec old = *this;                                                                       \
        *this += vec(T(1));                                                                    \
        return old;                                                                            \
    }                                                                                          \
    TJ_INLINE constexpr vec operator--(int)                                                    \
    {                                                                                          \
        vec old = *this;                                                                       \
        *this -= vec(T(1));                                                                    \
        return old;                                                                            \
    }                                                                                          \
    TJ_INLINE T &operator[](int i) { return (&x)[i]; }                                         \
    TJ_INLINE const T &operator[](int i) const { return (&x)[i]; }                             \
    typedef T value_type;

template <class T> struct alignas(2 * sizeof(T)) vec<T, 2> {
    T x, y;
    vec() = default;
    TJ_GET vec(T s) : x(s), y(s) {}
    TJ_GET vec(T a, T b) : x(a), y(b) {}
    template <class U> TJ_GET explicit vec(vec<U, 2> o) : x(__sc<T>(o.x)), y(__sc<T>(o.y)) {}
    template <class U>
    TJ_GET explicit vec(packed_vec<U, 2> o) : x(__sc<T>(o.x)), y(__sc<T>(o.y)) {}
    TJ_OPERATORS(2)
    TJ_SWIZZLES2
};
template <class T> struct alignas(4 * sizeof(T)) vec<T, 3> {
    T x, y, z;
    vec() = default;
    TJ_GET vec(T s) : x(s), y(s), z(s) {}
    TJ_GET vec(T a, T b) : x(a), y(b), z(0) {}
    TJ_GET vec(T a, T b, T c) : x(a), y(b), z(c) {}
    TJ_GET vec(vec<T, 2> a, T b) : x(a.x), y(a.y), z(b) {}
    TJ_GET vec(T a, vec<T, 2> b) : x(a), y(b.x), z(b.y) {}
    template <class U>
    TJ_GET explicit vec(vec<U, 3> o) : x(__sc<T>(o.x)), y(__sc<T>(o.y)), z(__sc<T>(o.z)) {}
    template <class U>
    TJ_GET explicit vec(packed_vec<U, 3> o)
        : x(__sc<T>(o.x)), y(__sc<T>(o.y)), z(__sc<T>(o.z)) {}
    TJ_OPERATORS(3)
    TJ_SWIZZLES3
};
template <class T> struct alignas(4 * sizeof(T)) vec<T, 4> {
    T x, y, z, w;
    vec() = default;
    TJ_GET vec(T s) : x(s), y(s), z(s), w(s) {}
    TJ_GET vec(T a, T b) : x(a), y(b), z(0), w(0) {}
    TJ_GET vec(T a, T b, T c) : x(a), y(b), z(c), w(0) {}
    TJ_GET vec(T a, T b, T c, T d) : x(a), y(b), z(c), w(d) {}
    TJ_GET vec(vec<T, 2> a, T b, T c) : x(a.x), y(a.y), z(b), w(c) {}
    TJ_GET vec(T a, vec<T, 2> b, T c) : x(a), y(b.x), z(b.y), w(c) {}
    TJ_GET vec(T a, T b, vec<T, 2> c) : x(a), y(b), z(c.x), w(c.y) {}
    TJ_GET vec(vec<T, 2> a, vec<T, 2> b) : x(a.x), y(a.y), z(b.x), w(b.y) {}
    TJ_GET vec(vec<T, 3> a, T b) : x(a.x), y(a.y), z(a.z), w(b) {}
    TJ_GET vec(T a, vec<T, 3> b) : x(a), y(b.x), z(b.y), w(b.z) {}
    template <class U>
    TJ_GET explicit vec(vec<U, 4> o)
        : x(__sc<T>(o.x)), y(__sc<T>(o.y)), z(__sc<T>(o.z)), w(__sc<T>(o.w)) {}
    template <class U>
    TJ_GET explicit vec(packed_vec<U, 4> o)
        : x(__sc<T>(o.x)), y(__sc<T>(o.y)), z(__sc<T>(o.z)), w(__sc<T>(o.w)) {}
    TJ_OPERATORS(4)
    TJ_SWIZZLES4
};

// Vectors with the alignment of their element: they convert to vectors and take these.
#define TJ_PACKED_OPERATOR(N, OP)                                                              \
    friend TJ_INLINE constexpr auto operator OP(packed_vec p, packed_vec q)                    \
    {                                                                                          \
        return vec<T, N>(p) OP vec<T, N>(q);                                                   \
    }                                                                                          \
    friend TJ_INLINE constexpr auto operator OP(packed_vec p, vec<T, N> q)                     \
    {                                                                                          \
        return vec<T, N>(p) OP q;                                                              \
    }                                                                                          \
    friend TJ_INLINE constexpr auto operator OP(vec<T, N> p, packed_vec q)                     \
    {                                                                                          \
        return p OP vec<T, N>(q);                                                              \
    }                                                                                          \
    friend TJ_INLINE constexpr auto operator OP(packed_vec p, T q)                             \
    {                                                                                          \
        return vec<T, N>(p) OP vec<T, N>(q);                                                   \
    }                                                                                          \
    friend TJ_INLINE constexpr auto operator OP(T p, packed_vec q)                             \
    {                                                                                          \
        return vec<T, N>(p) OP vec<T, N>(q);                                                   \
    }
#define TJ_PACKED_ASSIGN(N, OP)                                                                \
    TJ_INLINE constexpr packed_vec &operator OP##=(vec<T, N> q)                                \
    {                                                                                          \
        return *this = packed_vec(vec<T, N>(*this) OP q);                                      \
    }
#define TJ_PACKED(N)                                                                           \
    packed_vec() = default;                                                                    \
    TJ_GET explicit packed_vec(T s) : packed_vec(vec<T, N>(s)) {}                              \
    TJ_GET operator vec<T, N>() const { return TJ_EACH##N(TJ_VEC##N, TJ_THIS); }               \
    TJ_INLINE T &operator[](int i) { return (&x)[i]; }                                         \
    TJ_INLINE const T &operator[](int i) const { return (&x)[i]; }                             \
    TJ_PACKED_OPERATOR(N, +)                                                                   \
    TJ_PACKED_OPERATOR(N, -)                                                                   \
    TJ_PACKED_OPERATOR(N, *)                                                                   \
    TJ_PACKED_OPERATOR(N, /)                                                                   \
    TJ_PACKED_OPERATOR(N, ==)                                                                  \
    TJ_PACKED_OPERATOR(N, !=)                                                                  \
    TJ_PACKED_ASSIGN(N, +)                                                                     \
    TJ_PACKED_ASSIGN(N, -)                                                                     \
    TJ_PACKED_ASSIGN(N, *)                                                                     \
    TJ_PACKED_ASSIGN(N, /)                                                                     \
    TJ_SWIZZLES##N
#define TJ_THIS(c) c
#define TJ_VEC2(...) vec<T, 2>(__VA_ARGS__)
#define TJ_VEC3(...) vec<T, 3>(__VA_ARGS__)
#define TJ_VEC4(...) vec<T, 4>(__VA_ARGS__)
template <class T> struct packed_vec<T, 2> {
    T x, y;
    TJ_GET packed_vec(vec<T, 2> v) : x(v.x), y(v.y) {}
    TJ_GET packed_vec(T a, T b) : x(a), y(b) {}
    TJ_PACKED(2)
};
template <class T> struct packed_vec<T, 3> {
    T x, y, z;
    TJ_GET packed_vec(vec<T, 3> v) : x(v.x), y(v.y), z(v.z) {}
    TJ_GET packed_vec(T a, T b, T c) : x(a), y(b), z(c) {}
    TJ_PACKED(3)
};
template <class T> struct packed_vec<T, 4> {
    T x, y, z, w;
    TJ_GET packed_vec(vec<T, 4> v) : x(v.x), y(v.y), z(v.z), w(v.w) {}
    TJ_GET packed_vec(T a, T b, T c, T d) : x(a), y(b), z(c), w(d) {}
    TJ_PACKED(4)
};
} // namespace metal

#define TJ_NAMES(T)                                                                            \
    typedef metal::vec<T, 2> T##2;                                                             \
    typedef metal::vec<T, 3> T##3;                                                             \
    typedef metal::vec<T, 4> T##4;                                                             \
    typedef metal::packed_vec<T, 2> packed_##T##2;                                             \
    typedef metal::packed_vec<T, 3> packed_##T##3;                                             \
    typedef metal::packed_vec<T, 4> packed_##T##4;                                             \
    namespace metal {                                                                          \
    using ::T##2, ::T##3, ::T##4, ::packed_##T##2, ::packed_##T##3, ::packed_##T##4;           \
    }
TJ_NAMES(bool)
TJ_NAMES(char)
TJ_NAMES(uchar)
TJ_NAMES(short)
TJ_NAMES(ushort)
TJ_NAMES(int)
TJ_NAMES(uint)
TJ_NAMES(long)
TJ_NAMES(ulong)
TJ_NAMES(half)
TJ_NAMES(bfloat)
TJ_NAMES(float)
#undef TJ_NAMES

namespace metal {
// ---- element and length of a scalar or vector --------------------------------------------------
template <class T> struct __shape {};
#define TJ_SCALAR(T)                                                                           \
    template <> struct __shape<T> {                                                            \
        typedef T element;                                                                     \
        static constexpr int count = 1;                                                        \
    };
TJ_SCALAR(bool)
TJ_SCALAR(char)
TJ_SCALAR(signed char)
TJ_SCALAR(uchar)
TJ_SCALAR(short)
TJ_SCALAR(ushort)
TJ_SCALAR(int)
TJ_SCALAR(uint)
TJ_SCALAR(long)
TJ_SCALAR(ulong)
TJ_SCALAR(long long)
TJ_SCALAR(unsigned long long)
TJ_SCALAR(half)
TJ_SCALAR(bfloat)
TJ_SCALAR(float)
#undef TJ_SCALAR
template <class T, int N> struct __shape<vec<T, N>> {
    typedef T element;
    static constexpr int count = N;
};
template <class T, int N> struct __shape<packed_vec<T, N>> : __shape<vec<T, N>> {};
template <class T> using __element = typename __shape<T>::element;
template <class T> constexpr int __count = __shape<T>::count;
template <class E, int N> struct __make { typedef vec<E, N> type; };
template <class E> struct __make<E, 1> { typedef E type; };
template <class E, int N> using __make_t = typename __make<E, N>::type;
template <class T> using __same = __make_t<__element<T>, __count<T>>;

template <class T> struct vec_elements { static constexpr int value = __count<T>; };
template <class T> constexpr int vec_elements_v = __count<T>;
template <class T> struct is_vector : bool_constant<false> {};
template <class T, int N> struct is_vector<vec<T, N>> : bool_constant<true> {};
template <class T> constexpr bool is_vector_v = is_vector<T>::value;
template <class T> using vec_element_t = __element<T>;

// The type of an operation of several operands: the first vector's, else C's.
template <class A, class B> struct __arith { typedef decltype(A() + B()) type; };
template <class A> struct __arith<A, A> { typedef A type; };
template <> struct __arith<half, bfloat> { typedef float type; };
template <> struct __arith<bfloat, half> { typedef float type; };
template <class A, class B, int NA, int NB> struct __join {
    typedef vec<__element<A>, NA> type;
};
template <class A, class B, int NB> struct __join<A, B, 1, NB> {
    typedef vec<__element<B>, NB> type;
};
template <class A, class B> struct __join<A, B, 1, 1> {
    typedef typename __arith<A, B>::type type;
};
template <class A, class B>
using __common2 = typename __join<A, B, __count<A>, __count<B>>::type;
template <class A, class B, class C> using __common3 = __common2<__common2<A, B>, C>;
// What an argument points to, for adopt_kernel.c: the number of the scalar in ir.h, the count of
// components from bit 8 on, whether packed in bit 16; 0 for all else.
template <class T> constexpr uint __type_code = 0;
#define TJ_CODE(T, number)                                                                     \
    template <> constexpr uint __type_code<T> = number | 1 << 8;
TJ_CODE(bool, 1)
TJ_CODE(char, 2)
TJ_CODE(signed char, 2)
TJ_CODE(uchar, 3)
TJ_CODE(short, 4)
TJ_CODE(ushort, 5)
TJ_CODE(int, 6)
TJ_CODE(uint, 7)
TJ_CODE(long, 8)
TJ_CODE(ulong, 9)
TJ_CODE(half, 10)
TJ_CODE(bfloat, 11)
TJ_CODE(float, 12)
#undef TJ_CODE
template <class T, int N>
constexpr uint __type_code<vec<T, N>> = (__type_code<T> & 255) | uint(N) << 8;
template <class T, int N>
constexpr uint __type_code<packed_vec<T, N>> = (__type_code<T> & 255) | uint(N) << 8 | 1u << 16;
} // namespace metal
