/* SPDX-License-Identifier: MIT */
/* What the simulator is compared with: each row of the benchmark as plain C with OpenMP,
 * written for speed but without intrinsics. Compiled with -O3 -march=native -ffast-math
 * -fopenmp by gcc and by clang; the faster of the two counts. */
#include "native.h"

#include <math.h>
#include <omp.h>
#include <stdlib.h>
#include <string.h>

enum { LANES = 32, BLOCK = 64, TILE = 256, BINS = 256, MAX_THREADS = 256 };

static size_t min_size(size_t a, size_t b)
{
    return a < b ? a : b;
}

void tjb_copy(void *const *buffer, size_t n)
{
    const float *restrict src = buffer[0];
    float *restrict dst = buffer[1];

#pragma omp parallel for simd
    for (size_t i = 0; i < n; i++)
        dst[i] = src[i];
}

void tjb_vector_add(void *const *buffer, size_t n)
{
    const float *restrict a = buffer[0], *restrict b = buffer[1];
    float *restrict c = buffer[2];

#pragma omp parallel for simd
    for (size_t i = 0; i < n; i++)
        c[i] = a[i] + b[i];
}

void tjb_saxpy(void *const *buffer, size_t n)
{
    const float a = *(const float *)buffer[0];
    const float *restrict x = buffer[1];
    float *restrict y = buffer[2];

#pragma omp parallel for simd
    for (size_t i = 0; i < n; i++)
        y[i] = a * x[i] + y[i];
}

void tjb_gelu(void *const *buffer, size_t n)
{
    const float *restrict src = buffer[0];
    float *restrict dst = buffer[1];

#pragma omp parallel for simd
    for (size_t i = 0; i < n; i++) {
        float x = src[i];

        dst[i] = 0.5f * x * (1.0f + tanhf(0.7978845608f * (x + 0.044715f * x * x * x)));
    }
}

void tjb_exp(void *const *buffer, size_t n)
{
    const float *restrict src = buffer[0];
    float *restrict dst = buffer[1];

#pragma omp parallel for simd
    for (size_t i = 0; i < n; i++)
        dst[i] = expf(src[i]);
}

/* Abramowitz and Stegun, Handbook of Mathematical Functions, 26.2.17. */
static inline float normal_distribution(float d)
{
    float k = 1.0f / (1.0f + 0.2316419f * fabsf(d));
    float poly =
        k * (0.31938153f +
             k * (-0.356563782f + k * (1.781477937f + k * (-1.821255978f + k * 1.330274429f))));
    float tail = 0.39894228f * expf(-0.5f * d * d) * poly;

    return d > 0.0f ? 1.0f - tail : tail;
}

void tjb_black_scholes(void *const *buffer, size_t n)
{
    const float *restrict spot = buffer[0], *restrict strike = buffer[1];
    const float *restrict years = buffer[2];
    float *restrict call = buffer[3], *restrict put = buffer[4];
    const tjb_market m = *(const tjb_market *)buffer[5];
    const float drift = m.rate + 0.5f * m.volatility * m.volatility;

#pragma omp parallel for simd
    for (size_t i = 0; i < n; i++) {
        float s = spot[i], x = strike[i], t = years[i];
        float root = m.volatility * sqrtf(t);
        float d1 = (logf(s / x) + drift * t) / root;
        float n1 = normal_distribution(d1), n2 = normal_distribution(d1 - root);
        float discounted = x * expf(-m.rate * t);

        call[i] = s * n1 - discounted * n2;
        put[i] = discounted * (1.0f - n2) - s * (1.0f - n1);
    }
}

void tjb_softmax(void *const *buffer, size_t n)
{
#pragma omp parallel for
    for (size_t row = 0; row < n; row++) {
        const float *restrict x = (const float *)buffer[0] + row * TJB_ROW_LEN;
        float *restrict y = (float *)buffer[1] + row * TJB_ROW_LEN;
        float max = x[0], total = 0.0f;

#pragma omp simd reduction(max : max)
        for (size_t i = 0; i < TJB_ROW_LEN; i++)
            max = fmaxf(max, x[i]);
#pragma omp simd reduction(+ : total)
        for (size_t i = 0; i < TJB_ROW_LEN; i++) {
            y[i] = expf(x[i] - max);
            total += y[i];
        }
        total = 1.0f / total;
#pragma omp simd
        for (size_t i = 0; i < TJB_ROW_LEN; i++)
            y[i] *= total;
    }
}

void tjb_layer_norm(void *const *buffer, size_t n)
{
    const float *restrict gamma = buffer[1], *restrict beta = buffer[2];
    const float epsilon = *(const float *)buffer[4];

#pragma omp parallel for
    for (size_t row = 0; row < n; row++) {
        const float *restrict x = (const float *)buffer[0] + row * TJB_ROW_LEN;
        float *restrict y = (float *)buffer[3] + row * TJB_ROW_LEN;
        float mean = 0.0f, square = 0.0f;

#pragma omp simd reduction(+ : mean)
        for (size_t i = 0; i < TJB_ROW_LEN; i++)
            mean += x[i];
        mean /= TJB_ROW_LEN;
#pragma omp simd reduction(+ : square)
        for (size_t i = 0; i < TJB_ROW_LEN; i++)
            square += (x[i] - mean) * (x[i] - mean);
        float scale = 1.0f / sqrtf(square / TJB_ROW_LEN + epsilon);
#pragma omp simd
        for (size_t i = 0; i < TJB_ROW_LEN; i++)
            y[i] = (x[i] - mean) * scale * gamma[i] + beta[i];
    }
}

void tjb_sum(void *const *buffer, size_t n)
{
    const float *restrict src = buffer[0];
    float total = 0.0f;

#pragma omp parallel for simd reduction(+ : total)
    for (size_t i = 0; i < n; i++)
        total += src[i];
    *(float *)buffer[1] = total;
}

/* Each thread sums its part; then each scans its part, starting at the sum of those before. */
void tjb_scan(void *const *buffer, size_t n)
{
    const uint32_t *restrict src = buffer[0];
    uint32_t *restrict dst = buffer[1];
    uint32_t part[MAX_THREADS];

#pragma omp parallel
    {
        size_t count = (size_t)omp_get_num_threads(), thread = (size_t)omp_get_thread_num();
        size_t begin = n * thread / count, end = n * (thread + 1) / count;
        uint32_t total = 0;

#pragma omp simd reduction(+ : total)
        for (size_t i = begin; i < end; i++)
            total += src[i];
        part[thread] = total;
#pragma omp barrier
        total = 0;
        for (size_t t = 0; t < thread; t++)
            total += part[t];
#pragma omp simd reduction(inscan, + : total)
        for (size_t i = begin; i < end; i++) {
            total += src[i];
#pragma omp scan inclusive(total)
            dst[i] = total;
        }
    }
}

void tjb_transpose(void *const *buffer, size_t n)
{
    const float *restrict src = buffer[0];
    float *restrict dst = buffer[1];

#pragma omp parallel for collapse(2)
    for (size_t row = 0; row < n; row += BLOCK)
        for (size_t col = 0; col < n; col += BLOCK)
            for (size_t r = row; r < row + BLOCK; r++)
#pragma omp simd
                for (size_t c = col; c < col + BLOCK; c++)
                    dst[r * n + c] = src[c * n + r];
}

void tjb_stencil(void *const *buffer, size_t n)
{
    const float *restrict src = buffer[0];
    float *restrict dst = buffer[1];
    const float *w = buffer[2];
    const float w0 = w[0], w1 = w[1], w2 = w[2], w3 = w[3], w4 = w[4];

    memcpy(dst, src, 2 * sizeof(float));
    memcpy(dst + n - 2, src + n - 2, 2 * sizeof(float));
#pragma omp parallel for simd
    for (size_t i = 2; i < n - 2; i++)
        dst[i] =
            w0 * src[i - 2] + w1 * src[i - 1] + w2 * src[i] + w3 * src[i + 1] + w4 * src[i + 2];
}

/* LANES neighbours of a row at once; a lane that has left the circle counts no more. */
static void mandelbrot_lanes(uint32_t *steps, const tjb_view *v, float first, float cy)
{
    float x[LANES] = {0}, y[LANES] = {0}, cx[LANES];
    uint32_t count[LANES] = {0};

    for (int l = 0; l < LANES; l++)
        cx[l] = v->left + (first + (float)l) * v->step;
    for (uint32_t n = 0; n < v->limit; n++) {
        uint32_t live = 0;

#pragma omp simd reduction(+ : live)
        for (int l = 0; l < LANES; l++) {
            float xx = x[l] * x[l], yy = y[l] * y[l];
            uint32_t inside = xx + yy <= 4.0f;

            y[l] = 2.0f * x[l] * y[l] + cy;
            x[l] = xx - yy + cx[l];
            /* Values of lanes outside run away to infinity and NaN: never inside again. */
            inside &= count[l] == n;
            count[l] += inside;
            live += inside;
        }
        if (!live)
            break;
    }
    memcpy(steps, count, sizeof count);
}

void tjb_mandelbrot(void *const *buffer, size_t n)
{
    const tjb_view v = *(const tjb_view *)buffer[1];

#pragma omp parallel for schedule(dynamic, 4)
    for (size_t row = 0; row < n; row++)
        for (size_t col = 0; col < n; col += LANES)
            mandelbrot_lanes((uint32_t *)buffer[0] + row * n + col, &v, (float)col,
                             v.top + (float)row * v.step);
}

/* LANES bodies at once against tiles that stay in the first-level cache. */
static void nbody_lanes(const float (*restrict body)[4], float (*restrict accel)[4],
                        size_t first, size_t n)
{
    float ax[LANES] = {0}, ay[LANES] = {0}, az[LANES] = {0}, px[LANES], py[LANES], pz[LANES];

    for (int l = 0; l < LANES; l++) {
        px[l] = body[first + l][0];
        py[l] = body[first + l][1];
        pz[l] = body[first + l][2];
    }
    for (size_t k = 0; k < n; k++) {
#pragma omp simd
        for (int l = 0; l < LANES; l++) {
            float dx = body[k][0] - px[l], dy = body[k][1] - py[l], dz = body[k][2] - pz[l];
            float inv = 1.0f / sqrtf(dx * dx + dy * dy + dz * dz + 1e-4f);
            float s = body[k][3] * inv * inv * inv;

            ax[l] += dx * s;
            ay[l] += dy * s;
            az[l] += dz * s;
        }
    }
    for (int l = 0; l < LANES; l++) {
        float *a = accel[first + l];

        a[0] = ax[l];
        a[1] = ay[l];
        a[2] = az[l];
        a[3] = 0.0f;
    }
}

void tjb_nbody(void *const *buffer, size_t n)
{
#pragma omp parallel for
    for (size_t i = 0; i < n; i += LANES)
        nbody_lanes(buffer[0], buffer[1], i, n);
}

void tjb_histogram(void *const *buffer, size_t n)
{
    const uint8_t *restrict src = buffer[0];
    uint32_t *dst = buffer[1];

#pragma omp parallel
    {
        /* Four counters a value: neighbours that are equal do not wait for each other. */
        uint32_t bins[4][BINS] = {{0}};

#pragma omp for
        for (size_t i = 0; i < n / 4; i++)
            for (size_t k = 0; k < 4; k++)
                bins[k][src[4 * i + k]]++;
        for (size_t b = 0; b < BINS; b++) {
            uint32_t total = bins[0][b] + bins[1][b] + bins[2][b] + bins[3][b];

#pragma omp atomic
            dst[b] += total;
        }
    }
}

/* Only the result counts here; the yardstick of sgemm is the machine's FMA peak. */
void tjb_sgemm(void *const *buffer, size_t n)
{
    const float *restrict a = buffer[0], *restrict b = buffer[1];
    float *restrict c = buffer[2];

#pragma omp parallel for
    for (size_t row = 0; row < n; row += 4) {
        memset(c + row * n, 0, 4 * n * sizeof(float));
        for (size_t part = 0; part < n; part += TILE)
            for (size_t k = part; k < min_size(part + TILE, n); k++)
                for (size_t r = row; r < row + 4; r++)
#pragma omp simd
                    for (size_t col = 0; col < n; col++)
                        c[r * n + col] += a[r * n + k] * b[k * n + col];
    }
}

static int compare_words(const void *a, const void *b)
{
    uint32_t first = *(const uint32_t *)a, second = *(const uint32_t *)b;

    return (first > second) - (first < second);
}

void tjb_sort(void *const *buffer, size_t n)
{
#pragma omp parallel for
    for (size_t block = 0; block < n / TJB_ROW_LEN; block++) {
        uint32_t *to = (uint32_t *)buffer[1] + block * TJB_ROW_LEN;

        memcpy(to, (const uint32_t *)buffer[0] + block * TJB_ROW_LEN, 4 * TJB_ROW_LEN);
        qsort(to, TJB_ROW_LEN, sizeof *to, compare_words);
    }
}

/* One query: maximum and sum are carried along the keys. */
static void attend(const float *restrict q, const float *restrict keys,
                   const float *restrict values, float *restrict out, size_t n)
{
    float top = -1e30f, total = 0.0f, sum[TJB_HEAD_LEN] = {0};

    for (size_t j = 0; j < n; j++) {
        const float *restrict key = keys + j * TJB_HEAD_LEN, *restrict value =
                                                                 values + j * TJB_HEAD_LEN;
        float score = 0.0f;

#pragma omp simd reduction(+ : score)
        for (size_t i = 0; i < TJB_HEAD_LEN; i++)
            score += q[i] * key[i];
        score *= 0.125f;
        float higher = score > top ? score : top;
        float scale = expf(top - higher), weight = expf(score - higher);

        total = total * scale + weight;
        top = higher;
#pragma omp simd
        for (size_t i = 0; i < TJB_HEAD_LEN; i++)
            sum[i] = sum[i] * scale + weight * value[i];
    }
    for (size_t i = 0; i < TJB_HEAD_LEN; i++)
        out[i] = sum[i] / total;
}

void tjb_attention(void *const *buffer, size_t n)
{
#pragma omp parallel for
    for (size_t i = 0; i < n; i++)
        attend((const float *)buffer[0] + i * TJB_HEAD_LEN, buffer[1], buffer[2],
               (float *)buffer[3] + i * TJB_HEAD_LEN, n);
}

/* TJB_HEADS of these, with keys and values of their own. */
void tjb_attention_heads(void *const *buffer, size_t n)
{
#pragma omp parallel for
    for (size_t i = 0; i < TJB_HEADS * n; i++) {
        size_t head = i / n * n * TJB_HEAD_LEN;

        attend((const float *)buffer[0] + i * TJB_HEAD_LEN, (const float *)buffer[1] + head,
               (const float *)buffer[2] + head, (float *)buffer[3] + i * TJB_HEAD_LEN, n);
    }
}
