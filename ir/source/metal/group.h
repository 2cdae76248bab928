// SPDX-License-Identifier: MIT
// Barriers, and functions of SIMD-groups and quad-groups.
namespace metal {
enum class mem_flags : uint {
    mem_none = 0,
    mem_device = 1,
    mem_threadgroup = 2,
    mem_texture = 4,
    mem_threadgroup_imageblock = 8,
    mem_object_data = 16
};
TJ_INLINE constexpr mem_flags operator|(mem_flags a, mem_flags b)
{
    return mem_flags(uint(a) | uint(b));
}
TJ_INLINE constexpr mem_flags operator&(mem_flags a, mem_flags b)
{
    return mem_flags(uint(a) & uint(b));
}
typedef enum memory_order {
    memory_order_relaxed = 0,
    memory_order_acquire = 2,
    memory_order_release = 3,
    memory_order_acq_rel = 4,
    memory_order_seq_cst = 5
} memory_order;
typedef enum thread_scope {
    thread_scope_thread = 0,
    thread_scope_threadgroup = 1,
    thread_scope_device = 2,
    thread_scope_simdgroup = 4
} thread_scope;
typedef thread_scope memory_scope;
constexpr thread_scope memory_scope_threadgroup = thread_scope_threadgroup;
constexpr thread_scope memory_scope_device = thread_scope_device;
constexpr thread_scope memory_scope_simdgroup = thread_scope_simdgroup;

extern "C" void __wg_barrier(int, int) __asm("air.wg.barrier");
extern "C" void __simdgroup_barrier(int, int) __asm("air.simdgroup.barrier");
extern "C" void __fence(int, int, int) __asm("air.atomic.fence");
TJ_INLINE void threadgroup_barrier(mem_flags flags) { __wg_barrier(int(flags), 1); }
TJ_INLINE void threadgroup_barrier(mem_flags flags, memory_scope) { __wg_barrier(int(flags), 1); }
TJ_INLINE void simdgroup_barrier(mem_flags flags) { __simdgroup_barrier(int(flags), 4); }
TJ_INLINE void simdgroup_barrier(mem_flags flags, memory_scope)
{
    __simdgroup_barrier(int(flags), 4);
}
TJ_INLINE void atomic_thread_fence(mem_flags flags, memory_order order = memory_order_seq_cst,
                                   thread_scope scope = thread_scope_device)
{
    __fence(int(flags), int(order), int(scope));
}

#define TJ_GROUP_NUMBERS(M, P, F)                                                              \
    M(P, F, char, "s.i8") M(P, F, uchar, "u.i8") M(P, F, short, "s.i16")                       \
    M(P, F, ushort, "u.i16") M(P, F, int, "s.i32") M(P, F, uint, "u.i32")                      \
    M(P, F, long, "s.i64") M(P, F, ulong, "u.i64") M(P, F, half, "f16")                        \
    M(P, F, bfloat, "bf16") M(P, F, float, "f32")
#define TJ_GROUP_INTEGERS(M, P, F)                                                             \
    M(P, F, char, "s.i8") M(P, F, uchar, "u.i8") M(P, F, short, "s.i16")                       \
    M(P, F, ushort, "u.i16") M(P, F, int, "s.i32") M(P, F, uint, "u.i32")                      \
    M(P, F, long, "s.i64") M(P, F, ulong, "u.i64")
#define TJ_ONE(P, F, T, name)                                                                  \
    extern "C" T __##P##_##F##_##T(T) __asm("air." #P "_" #F "." name);                        \
    TJ_INLINE T __##P##_##F(T p) { return __##P##_##F##_##T(p); }
#define TJ_TO(P, F, T, name)                                                                   \
    extern "C" T __##P##_##F##_##T(T, ushort) __asm("air." #P "_" #F "." name);                \
    TJ_INLINE T __##P##_##F(T p, ushort at) { return __##P##_##F##_##T(p, at); }
#define TJ_FILL(P, F, T, name)                                                                 \
    extern "C" T __##P##_##F##_##T(T, T, ushort, ushort) __asm("air." #P "_" #F "." name);     \
    TJ_INLINE T __##P##_##F(T p, T q, ushort at, ushort n)                                     \
    {                                                                                          \
        return __##P##_##F##_##T(p, q, at, n);                                                 \
    }

// The type that a function of AIR knows for a type of Metal.
template <class T> struct __group_element : __integer_element<T> {};
template <class T>
using __group = __make_t<typename __group_element<__element<T>>::type, __count<T>>;
#define TJ_GROUP1(P, F)                                                                        \
    template <class A> TJ_INLINE __same<A> P##_##F(A a)                                        \
    {                                                                                          \
        typedef __group<A> R;                                                                  \
        R p = __to<R>(a);                                                                      \
        auto body = [](R p) TJ_LAMBDA -> R { TJ_APPLY1(__##P##_##F) };                         \
        return __to<__same<A>>(body(p));                                                       \
    }
#define TJ_GROUP2(P, F)                                                                        \
    template <class A> TJ_INLINE __same<A> P##_##F(A a, ushort at)                             \
    {                                                                                          \
        typedef __group<A> R;                                                                  \
        R p = __to<R>(a);                                                                      \
        auto one = [=](auto x) TJ_LAMBDA { return __##P##_##F(x, at); };                       \
        auto body = [=](R p) TJ_LAMBDA -> R { TJ_APPLY1(one) };                                \
        return __to<__same<A>>(body(p));                                                       \
    }
#define TJ_GROUP4(P, F, WIDTH)                                                                 \
    template <class A>                                                                         \
    TJ_INLINE __same<A> P##_##F(A a, A b, ushort at, ushort n = WIDTH)                         \
    {                                                                                          \
        typedef __group<A> R;                                                                  \
        R p = __to<R>(a), q = __to<R>(b);                                                      \
        auto one = [=](auto x, auto y) TJ_LAMBDA { return __##P##_##F(x, y, at, n); };         \
        auto body = [=](R p, R q) TJ_LAMBDA -> R { TJ_APPLY2(one) };                           \
        return __to<__same<A>>(body(p, q));                                                    \
    }
// Each function has a second name inside Apple's library that kernels use.
#define TJ_INNER(P, F)                                                                         \
    template <class... A> TJ_INLINE auto __metal_##P##_##F(A... a) { return P##_##F(a...); }
#define TJ_REDUCE(P, F) TJ_GROUP_NUMBERS(TJ_ONE, P, F) TJ_GROUP1(P, F) TJ_INNER(P, F)
#define TJ_LOGIC(P, F)                                                                         \
    TJ_GROUP_INTEGERS(TJ_ONE, P, F)                                                            \
    TJ_INLINE float __##P##_##F(float p)                                                       \
    {                                                                                          \
        return as_type<float>(__##P##_##F(as_type<uint>(p)));                                  \
    }                                                                                          \
    TJ_GROUP1(P, F) TJ_INNER(P, F)
#define TJ_SHUFFLE(P, F) TJ_GROUP_NUMBERS(TJ_TO, P, F) TJ_GROUP2(P, F) TJ_INNER(P, F)
#define TJ_SHIFT_IN(P, F, WIDTH)                                                               \
    TJ_GROUP_NUMBERS(TJ_FILL, P, F) TJ_GROUP4(P, F, WIDTH) TJ_INNER(P, F)
#define TJ_GROUP(P, WIDTH)                                                                     \
    TJ_REDUCE(P, sum)                                                                          \
    TJ_REDUCE(P, product)                                                                      \
    TJ_REDUCE(P, min)                                                                          \
    TJ_REDUCE(P, max)                                                                          \
    TJ_REDUCE(P, prefix_inclusive_sum)                                                         \
    TJ_REDUCE(P, prefix_exclusive_sum)                                                         \
    TJ_REDUCE(P, prefix_inclusive_product)                                                     \
    TJ_REDUCE(P, prefix_exclusive_product)                                                     \
    TJ_REDUCE(P, broadcast_first)                                                              \
    TJ_LOGIC(P, and)                                                                           \
    TJ_LOGIC(P, or)                                                                            \
    TJ_LOGIC(P, xor)                                                                           \
    TJ_SHUFFLE(P, broadcast)                                                                   \
    TJ_SHUFFLE(P, shuffle)                                                                     \
    TJ_SHUFFLE(P, shuffle_up)                                                                  \
    TJ_SHUFFLE(P, shuffle_down)                                                                \
    TJ_SHUFFLE(P, shuffle_xor)                                                                 \
    TJ_SHUFFLE(P, shuffle_rotate_up)                                                           \
    TJ_SHUFFLE(P, shuffle_rotate_down)                                                         \
    TJ_SHIFT_IN(P, shuffle_and_fill_up, WIDTH)                                                 \
    TJ_SHIFT_IN(P, shuffle_and_fill_down, WIDTH)                                               \
    extern "C" bool __##P##_all(bool) __asm("air." #P "_all");                                 \
    extern "C" bool __##P##_any(bool) __asm("air." #P "_any");                                 \
    extern "C" bool __##P##_is_first() __asm("air." #P "_is_first");                           \
    extern "C" ulong __##P##_ballot(bool) __asm("air." #P "_ballot.i64");                      \
    extern "C" ulong __##P##_active() __asm("air." #P "_active_threads_mask.i64");             \
    extern "C" bool __##P##_vote_all(ulong) __asm("air." #P "_vote_all.i64");                  \
    extern "C" bool __##P##_vote_any(ulong) __asm("air." #P "_vote_any.i64");                  \
    TJ_INLINE bool P##_all(bool b) { return __##P##_all(b); }                                  \
    TJ_INLINE bool P##_any(bool b) { return __##P##_any(b); }                                  \
    TJ_INLINE bool P##_is_first() { return __##P##_is_first(); }                               \
    class P##_vote {                                                                           \
        ulong bits;                                                                            \
                                                                                               \
    public:                                                                                    \
        typedef ulong vote_t;                                                                  \
        P##_vote() = default;                                                                  \
        TJ_GET explicit P##_vote(vote_t b) : bits(b) {}                                        \
        TJ_GET explicit operator vote_t() const { return bits; }                               \
        TJ_INLINE bool all() const { return __##P##_vote_all(bits); }                          \
        TJ_INLINE bool any() const { return __##P##_vote_any(bits); }                          \
    };                                                                                         \
    TJ_INLINE P##_vote P##_ballot(bool b) { return P##_vote(__##P##_ballot(b)); }              \
    TJ_INLINE P##_vote P##_active_threads_mask() { return P##_vote(__##P##_active()); }
TJ_GROUP(simd, 32)
TJ_GROUP(quad, 4)
extern "C" ushort __simdgroup_size() __asm("air.get_simdgroup_size.i16");
extern "C" ushort __simdgroup_lane() __asm("air.thread_index_in_simdgroup.i16");
template <class T> TJ_INLINE T __metal_get_simdgroup_size(T) { return T(__simdgroup_size()); }
template <class T> TJ_INLINE T __metal_get_thread_index_in_simdgroup(T)
{
    return T(__simdgroup_lane());
}
TJ_INLINE bool simd_is_helper_thread() { return false; }
} // namespace metal
