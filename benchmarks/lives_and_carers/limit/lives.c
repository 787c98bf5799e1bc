/* W1, lives, as near the limit of the machine as we can write it in C.
 *
 *     lives PERSONS SEED [columns]
 *
 * Everybody is born at 0, well. Work is done in blocks of 512, in one scratch vector with constant
 * offsets, so that the compiler sees that no two columns overlap. The first spell of a block is
 * drawn for all of it; those who recover are put on a stack, whatever their block and the number
 * of their spells, and every time the stack holds a block, that is drawn. So vectors are always
 * full. Every loop over a block but the two that fill the stack is vector code made by the
 * compiler. Each hazard is inverted in closed form. Death from the background, which is the same
 * for the well and the ill, is drawn once.
 *
 * With "columns" the eight columns of a person are kept as well.
 */

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "drawing.h"

#ifndef RECOVERY
#define RECOVERY 0.05 /* another value makes a broken twin, which the check must refuse */
#endif
#define ONSET_LEVEL 0.0004
#define ONSET_SLOPE 0.075
#define DEATH_LEVEL 0.00005
#define DEATH_SLOPE 0.09
#define EXCESS_LEVEL 0.10
#define EXCESS_FALL 0.2
#define LAST_AGE 110.0
#define NEVER 1e300

#define BLOCK 512
#define AGES 5
static const double AGE[AGES] = {20.0, 40.0, 60.0, 80.0, 100.0};
enum { WELL, ILL, DEAD };

/* Offsets into the scratch vector. */
enum {
    BEGIN = 0,                 /* age at which the spell of health begins */
    END = BEGIN + BLOCK,       /* age at which the background, or the end of the study, ends it */
    ONSET = END + BLOCK,       /* age at which illness begins */
    STOP = ONSET + BLOCK,      /* age at which this pass over the person stops */
    STACK_BEGIN = STOP + BLOCK,
    STACK_END = STACK_BEGIN + 2 * BLOCK,
    SCRATCH = STACK_END + 2 * BLOCK
};
static double scratch[SCRATCH] __attribute__((aligned(64)));
static uint64_t person[BLOCK] __attribute__((aligned(64)));
static uint64_t rank_of[BLOCK] __attribute__((aligned(64)));
static uint64_t recovers[BLOCK] __attribute__((aligned(64)));
static uint64_t stack_person[2 * BLOCK];
static uint64_t stack_rank[2 * BLOCK];

typedef struct {
    __int128 years, ill_years; /* in ticks of 2^-30 year */
    int64_t episodes;
    int64_t ill[AGES], dead[AGES];
} Totals;

typedef struct {
    double *death, *ill_years;
    int8_t *episodes, *state[AGES];
} Columns;

static inline int64_t ticks(double years)
{
    return (int64_t)(years * 0x1p30);
}

/* Draw one spell of health, and of the illness after it, for `count` persons. */
static inline __attribute__((always_inline)) void
draw_spells(int count, uint32_t seed, bool is_first, Totals *totals)
{
    int64_t years = 0, ill_years = 0, episodes = 0, ill_at[AGES] = {0}, dead_at[AGES] = {0};
    for (int i = 0; i < count; i++) {
        const Words draw = philox(person[i], is_first ? 0 : rank_of[i], seed);
        double end, onset;
        if (is_first) {
            end = log_of(1.0 + DEATH_SLOPE / DEATH_LEVEL * exponential(draw.word[0])) * (1.0 / DEATH_SLOPE);
            end = end < LAST_AGE ? end : LAST_AGE;
            onset = 1.0;
        } else {
            end = scratch[END + i];
            onset = exp_of(ONSET_SLOPE * scratch[BEGIN + i]);
        }
        onset = log_of(onset + ONSET_SLOPE / ONSET_LEVEL * exponential(draw.word[1])) * (1.0 / ONSET_SLOPE);
        const double stay = exponential(draw.word[2]) * (1.0 / RECOVERY);
        const double left = 1.0 - EXCESS_FALL / EXCESS_LEVEL * exponential(draw.word[3]);
        const double fatal_stay =
            left > 0.0 ? -log_of(left > 0.0 ? left : 1.0) * (1.0 / EXCESS_FALL) : NEVER;

        const bool falls_ill = onset < end;
        const double leaves = onset + (stay < fatal_stay ? stay : fatal_stay);
        const double stop = leaves < end ? leaves : end;
        const bool recovered = falls_ill & (leaves < end) & (stay < fatal_stay);
        const double death = falls_ill ? stop : end;

        scratch[END + i] = end;
        scratch[ONSET + i] = falls_ill ? onset : LAST_AGE;
        scratch[STOP + i] = falls_ill ? stop : end;
        recovers[i] = recovered;
        years += recovered ? 0 : ticks(death);
        ill_years += falls_ill ? ticks(stop - onset) : 0;
        episodes += falls_ill;
        for (int a = 0; a < AGES; a++) {
            ill_at[a] += falls_ill & (onset <= AGE[a]) & (AGE[a] < stop);
            dead_at[a] += !recovered & (death <= AGE[a]);
        }
    }
    totals->years += years;
    totals->ill_years += ill_years;
    totals->episodes += episodes;
    for (int a = 0; a < AGES; a++) {
        totals->ill[a] += ill_at[a];
        totals->dead[a] += dead_at[a];
    }
}

static __attribute__((noinline)) void draw_first(int count, uint32_t seed, Totals *totals)
{
    draw_spells(count, seed, true, totals);
}

static __attribute__((noinline)) void draw_later(int count, uint32_t seed, Totals *totals)
{
    draw_spells(count, seed, false, totals);
}

/* Put those who recovered on the stack; without a branch, since nobody could foretell it. */
static __attribute__((noinline)) int stack_up(int count, int height, bool is_first)
{
    for (int i = 0; i < count; i++) {
        scratch[STACK_BEGIN + height] = scratch[STOP + i];
        scratch[STACK_END + height] = scratch[END + i];
        stack_person[height] = person[i];
        stack_rank[height] = is_first ? 1 : rank_of[i] + 1;
        height += (int)recovers[i];
    }
    return height;
}

static int unstack(int height)
{
    const int count = height < BLOCK ? height : BLOCK;
    height -= count;
    for (int i = 0; i < count; i++) {
        scratch[BEGIN + i] = scratch[STACK_BEGIN + height + i];
        scratch[END + i] = scratch[STACK_END + height + i];
        person[i] = stack_person[height + i];
        rank_of[i] = stack_rank[height + i];
    }
    return count;
}

/* Write what a spell adds to the columns of its person. */
static void keep(int count, bool is_first, const Columns *columns)
{
    for (int i = 0; i < count; i++) {
        const uint64_t who = person[i];
        const double onset = scratch[ONSET + i], stop = scratch[STOP + i];
        const int8_t falls_ill = onset < stop;
        const double ill_years = falls_ill ? stop - onset : 0.0;
        columns->death[who] = stop;
        columns->ill_years[who] = is_first ? ill_years : columns->ill_years[who] + ill_years;
        columns->episodes[who] = (int8_t)(is_first ? falls_ill : columns->episodes[who] + falls_ill);
        for (int a = 0; a < AGES; a++) {
            const int8_t now = stop <= AGE[a] ? (recovers[i] ? WELL : DEAD)
                                              : (onset <= AGE[a] ? ILL : WELL);
            int8_t *state = &columns->state[a][who];
            *state = is_first || scratch[BEGIN + i] <= AGE[a] ? now : *state;
        }
    }
}

static void later_spells(int *height, int floor, uint32_t seed, Totals *totals, const Columns *columns)
{
    while (*height > floor) {
        const int count = unstack(*height);
        draw_later(count, seed, totals);
        if (columns)
            keep(count, false, columns);
        *height = stack_up(count, *height - count, false);
    }
}

static Totals simulate(int64_t persons, uint32_t seed, const Columns *columns)
{
    Totals totals = {0};
    int height = 0;
    for (int64_t first = 0; first < persons; first += BLOCK) {
        const int count = (int)(persons - first < BLOCK ? persons - first : BLOCK);
        for (int i = 0; i < count; i++)
            person[i] = (uint64_t)(first + i);
        draw_first(count, seed, &totals);
        if (columns)
            keep(count, true, columns);
        height = stack_up(count, height, true);
        later_spells(&height, BLOCK - 1, seed, &totals, columns);
    }
    later_spells(&height, 0, seed, &totals, columns);
    return totals;
}

static Columns make_columns(size_t persons)
{
    Columns columns = {malloc(8 * persons), malloc(8 * persons), malloc(persons), {0}};
    for (int a = 0; a < AGES; a++)
        columns.state[a] = malloc(persons);
    return columns;
}

static double cpu_seconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

int main(int argc, char **argv)
{
    if (argc < 3) {
        fprintf(stderr, "usage: lives PERSONS SEED [columns]\n");
        return 2;
    }
    const int64_t persons = atoll(argv[1]);
    const uint32_t seed = (uint32_t)atoll(argv[2]);
    Columns columns = {0};
    if (argc > 3) {
        /* The pages are touched once before the clock starts: whoever writes in blocks uses its
         * buffers again and again. */
        columns = make_columns((size_t)persons);
        simulate(persons, seed, &columns);
    }
    const double began = cpu_seconds();
    const Totals totals = simulate(persons, seed, argc > 3 ? &columns : NULL);
    const double seconds = cpu_seconds() - began;
    const double n = (double)persons;
    printf("{\"n\": %lld, \"cpu_s\": %.6f, \"death_age\": %.9f, \"ill_years\": %.9f, "
           "\"episodes\": %.9f",
           (long long)persons, seconds, (double)totals.years / n * 0x1p-30,
           (double)totals.ill_years / n * 0x1p-30, (double)totals.episodes / n);
    for (int a = 0; a < AGES; a++)
        printf(", \"ill_at_%.0f\": %.9f, \"dead_at_%.0f\": %.9f", AGE[a],
               (double)totals.ill[a] / n, AGE[a], (double)totals.dead[a] / n);
    printf("}\n");
    return 0;
}
