/* What both limits draw with: Philox4x32-10, addressed, and a logarithm and an exponential of our
 * own that a compiler can turn into vector code. Nothing here is meant to be general: arguments
 * are positive, normal and finite, and errors are a few units in the last place. */

#ifndef DRAWING_H
#define DRAWING_H

#include <stdint.h>
#include <string.h>

#define INLINE static inline __attribute__((always_inline))

#define ROUNDS 10
#define LN2 0.6931471805599453
#define LOG2_E 1.4426950408889634
#define SQRT_HALF_BITS 0x3fe6a09e667f3bcdULL
#define ONE_BITS 0x3ff0000000000000ULL

typedef struct {
    uint64_t word[4]; /* 32 bits each, the rest to be ignored */
} Words;

INLINE double from_bits(uint64_t bits)
{
    double x;
    memcpy(&x, &bits, sizeof x);
    return x;
}

INLINE uint64_t to_bits(double x)
{
    uint64_t bits;
    memcpy(&bits, &x, sizeof bits);
    return bits;
}

/* The four words at an address. Words travel in 64 bits, their upper halves unused, because that
 * is what the vector multiplication of 32 by 32 bits takes and gives. */
INLINE Words philox(uint64_t person, uint64_t rank, uint32_t seed)
{
    const uint64_t low = 0xffffffffULL;
    uint64_t c0 = person, c1 = person >> 32, c2 = rank, c3 = 0;
    uint32_t k0 = seed, k1 = 0;
#pragma GCC unroll 10
    for (int i = 0; i < ROUNDS; i++) {
        const uint64_t first = (c0 & low) * 0xD2511F53ULL;
        const uint64_t second = (c2 & low) * 0xCD9E8D57ULL;
        c0 = (second >> 32) ^ c1 ^ k0;
        c1 = second;
        c2 = (first >> 32) ^ c3 ^ k1;
        c3 = first;
        k0 += 0x9E3779B9u;
        k1 += 0xBB67AE85u;
    }
    return (Words){{c0 & low, c1 & low, c2 & low, c3 & low}};
}

/* 32 bits as a number strictly between 0 and 1. */
INLINE double unit(uint64_t word)
{
    return ((double)(int64_t)word + 0.5) * 0x1p-32;
}

/* x = 2^k m with m in [sqrt(1/2), sqrt(2)); log m is an odd series in (m - 1) / (m + 1). */
INLINE double log_of(double x)
{
    const uint64_t shifted = to_bits(x) - SQRT_HALF_BITS;
    const double k = (double)((int64_t)shifted >> 52);
    const double m = from_bits((shifted & 0x000fffffffffffffULL) + SQRT_HALF_BITS);
    const double f = m - 1.0;
    const double s = f / (2.0 + f);
    const double z = s * s;
    double r = 0.14617807153417325;
    r = r * z + 0.15331611722055008;
    r = r * z + 0.1818289243253687;
    r = r * z + 0.22222211089379496;
    r = r * z + 0.28571428626253836;
    r = r * z + 0.3999999999989889;
    r = r * z + 0.666666666666667;
    return k * LN2 + (s * 2.0 + s * z * r);
}

/* exp x = 2^n exp r with |r| <= ln(2) / 2; the result must be a normal number. */
INLINE double exp_of(double x)
{
    const double n = __builtin_rint(x * LOG2_E);
    const double r = x - n * LN2;
    double q = 2.510038549551032e-08;
    q = q * r + 2.7620088445409746e-07;
    q = q * r + 2.7557268459997064e-06;
    q = q * r + 2.4801521295954376e-05;
    q = q * r + 0.00019841269863053618;
    q = q * r + 0.0013888888917213717;
    q = q * r + 0.008333333333330062;
    q = q * r + 0.04166666666662413;
    q = q * r + 0.16666666666666669;
    q = q * r + 0.5000000000000001;
    return from_bits(to_bits(1.0 + (r + r * r * q)) + ((uint64_t)(int64_t)n << 52));
}

/* A unit exponential. */
INLINE double exponential(uint64_t word)
{
    return -log_of(unit(word));
}

#endif
