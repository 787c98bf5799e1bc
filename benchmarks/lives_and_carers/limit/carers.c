/* W2, shared carers, as fast as we can write it in C round an array heap.
 *
 *     carers PATIENTS CARERS SEED RUNS
 *
 * Arrivals come in order, so the next one is a number, not an entry of the agenda. Everything else
 * that lies ahead (ends of spells of care, ends of recoveries) stands in one heap with four
 * children a node, each group of children in a cache line of its own; an event that brings about
 * another lets it take its own place at the top. Who waits stands in a ring. A spell, and what
 * comes of it, is drawn when the patient asks for care, from the address (patient, spell). Drawing
 * it ahead for 256 patients at a time, in vector code, was tried, and was no faster.
 */

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "drawing.h"

#ifndef MEAN_SPELL
#define MEAN_SPELL 0.08 /* another value makes a broken twin, which the check must refuse */
#endif
#define YEARS 50.0
#define MEAN_RECOVERY 1.0
#define DEATH_RISK 0.3
#define SPELLS 3

#define ROOT 3 /* so that the children of a node begin at a multiple of four */
#define NEVER 1e300

typedef struct {
    double length;   /* of the spell of care that is asked for or under way */
    double recovery; /* after it */
    int32_t spell;   /* which it is, counted from 0 */
    bool dies, returns;
} __attribute__((aligned(32))) Patient;

typedef struct {
    double time;
    int64_t what; /* the patient, doubled, and 1 if a spell of care ends */
} Event;

typedef struct {
    double since;
    int64_t patient;
} Waiting;

typedef struct {
    int64_t spells, deaths, events;
    double waited, end;
} Totals;

static Patient *patients;
static Event *heap;
static int64_t heap_end; /* one past the last entry */
static Waiting *ring;
static uint64_t ring_mask, ring_head, ring_tail;

/* Draw a spell and what comes of it; return the gap between this arrival and the one before. */
INLINE double draw_spell(int64_t who, int32_t spell, double mean_gap, uint32_t seed)
{
    const Words draw = philox((uint64_t)who, (uint64_t)spell, seed);
    const bool dies = unit(draw.word[2]) < DEATH_RISK;
    patients[who] = (Patient){
        .length = exponential(draw.word[0]) * MEAN_SPELL,
        .recovery = exponential(draw.word[1]) * MEAN_RECOVERY,
        .spell = spell,
        .dies = dies,
        .returns = !dies & (spell + 1 < SPELLS),
    };
    return spell == 0 ? exponential(draw.word[3]) * mean_gap : 0.0;
}

INLINE void push(double time, int64_t what)
{
    int64_t hole = heap_end++;
    while (hole > ROOT) {
        const int64_t parent = (hole >> 2) + 2;
        if (heap[parent].time <= time)
            break;
        heap[hole] = heap[parent];
        hole = parent;
    }
    heap[hole] = (Event){time, what};
}

/* Let an event take the place of the first one. */
INLINE void replace_first(double time, int64_t what)
{
    int64_t hole = ROOT;
    for (;;) {
        const int64_t child = 4 * hole - 8;
        if (child >= heap_end)
            break;
        /* Entries past the end are never reached: their time is NEVER. */
        const int64_t left = child + (heap[child + 1].time < heap[child].time);
        const int64_t right = child + 2 + (heap[child + 3].time < heap[child + 2].time);
        const int64_t least = heap[right].time < heap[left].time ? right : left;
        if (heap[least].time >= time)
            break;
        heap[hole] = heap[least];
        hole = least;
    }
    heap[hole] = (Event){time, what};
}

INLINE void drop_first(void)
{
    const Event last = heap[--heap_end];
    heap[heap_end].time = NEVER;
    if (heap_end > ROOT)
        replace_first(last.time, last.what);
}

/* The patient is taken into care: return when that will end. */
INLINE double begin_spell(int64_t who, double now, double since, Totals *totals)
{
    totals->waited += now - since;
    totals->spells++;
    return now + patients[who].length;
}

static void wait_in_line(int64_t who, double now)
{
    ring[ring_tail++ & ring_mask] = (Waiting){now, who};
}

/* A spell of care ended: its carer takes the next in line, and the patient recovers, or leaves. */
INLINE void end_spell(int64_t who, double now, int64_t *idle, Totals *totals)
{
    const bool returns = patients[who].returns;
    const double back = now + patients[who].recovery;
    totals->deaths += patients[who].dies;
    if (ring_head != ring_tail) {
        const Waiting next = ring[ring_head++ & ring_mask];
        __builtin_prefetch(&patients[ring[(ring_head + 4) & ring_mask].patient]);
        replace_first(begin_spell(next.patient, now, next.since, totals), 2 * next.patient + 1);
        if (returns)
            push(back, 2 * who);
    } else {
        ++*idle;
        if (returns)
            replace_first(back, 2 * who);
        else
            drop_first();
    }
}

static Totals simulate(int64_t count, int64_t carers, uint32_t seed)
{
    Totals totals = {0};
    const double mean_gap = YEARS / (double)count;
    int64_t next = 0, idle = carers;
    ring_head = ring_tail = 0;
    double arrival = draw_spell(0, 0, mean_gap, seed);
    while (next < count || heap_end > ROOT) {
        const Event event = heap[ROOT];
        const int64_t who = event.what >> 1;
        totals.events++;
        if (arrival <= event.time) {
            totals.end = arrival;
            if (idle > 0) {
                idle--;
                push(begin_spell(next, arrival, arrival, &totals), 2 * next + 1);
            } else {
                wait_in_line(next, arrival);
            }
            next++;
            const double gap = draw_spell(next, 0, mean_gap, seed);
            arrival = next < count ? arrival + gap : 2.0 * NEVER;
        } else if (event.what & 1) {
            totals.end = event.time;
            end_spell(who, event.time, &idle, &totals);
        } else {
            draw_spell(who, patients[who].spell + 1, mean_gap, seed);
            if (idle > 0) {
                idle--;
                replace_first(begin_spell(who, event.time, event.time, &totals), event.what + 1);
            } else {
                wait_in_line(who, event.time);
                drop_first();
            }
        }
    }
    return totals;
}

static void *aligned(size_t bytes)
{
    void *block = aligned_alloc(64, (bytes + 63) / 64 * 64);
    if (block == NULL)
        exit(1);
    memset(block, 0, bytes);
    return block;
}

static void make_room(int64_t count)
{
    uint64_t room = 1;
    while (room < (uint64_t)count)
        room *= 2;
    ring_mask = room - 1;
    ring = aligned(room * sizeof *ring);
    patients = aligned((size_t)(count + 1) * sizeof *patients);
    const int64_t entries = count + ROOT + 8;
    heap = aligned((size_t)entries * sizeof *heap);
    for (int64_t i = 0; i < entries; i++)
        heap[i].time = NEVER;
    heap_end = ROOT;
}

static double cpu_seconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

int main(int argc, char **argv)
{
    if (argc != 5) {
        fprintf(stderr, "usage: carers PATIENTS CARERS SEED RUNS\n");
        return 2;
    }
    const int64_t count = atoll(argv[1]), carers = atoll(argv[2]);
    const int64_t seed = atoll(argv[3]), runs = atoll(argv[4]);
    make_room(count);
    for (int64_t run = 0; run < runs; run++) {
        const double began = cpu_seconds();
        const Totals totals = simulate(count, carers, (uint32_t)(seed + run));
        const double seconds = cpu_seconds() - began;
        const double spells = (double)totals.spells, n = (double)count;
        printf("{\"n\": %.0f, \"cpu_s\": %.6f, \"spells\": %.9f, \"deaths\": %.9f, "
               "\"wait\": %.9f, \"end\": %.6f, \"events\": %lld}\n",
               spells, seconds, spells / n, (double)totals.deaths / n, totals.waited / spells,
               totals.end, (long long)totals.events);
    }
    return 0;
}
