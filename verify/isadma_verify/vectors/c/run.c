/* Runs one vector through a shim: registers in, inputs clock by clock, every pin compared, registers out. */
#include <string.h>
#include "isadma_vectors.h"

#define PINS 14
#define EXPORT __attribute__((visibility("default")))

typedef struct {
    void *(*create)(int);
    void (*destroy)(void *);
    void (*reset)(void *);
    int (*load)(void *, const i8237_registers *);
    int (*store)(void *, i8237_registers *);
    void (*clock)(void *, const i8237_in *, i8237_out *);
    const char *(*state)(void *);
} shim;

typedef struct {
    int32_t clock; /* -1: every clock agrees; -2: there is no model of that kind */
    uint32_t pin, expected, got;
    int32_t stored; /* 1: `registers` are the model's after the last clock */
    i8237_registers registers;
    char state[32];
} verdict;

static void one_access(const shim *s, void *model, const i8237_in *idle, uint8_t a, uint8_t byte) {
    i8237_in in = *idle;
    i8237_out out;
    in.cs_n = 0, in.a = a, in.db = byte;
    s->clock(model, &in, &out);
    in.iow_n = 0;
    s->clock(model, &in, &out);
    in.iow_n = 1;
    s->clock(model, &in, &out);
    s->clock(model, idle, &out);
}

/* What a processor would write to bring a chip from RESET to these registers. */
static void through_the_pins(const shim *s, void *model, const i8237_registers *r, uint8_t dreq) {
    i8237_in idle = {0, 1, 1, 0, 0, 1, 1, 1, 0xFF, 0};
    idle.dreq = dreq;
    one_access(s, model, &idle, 0xC, 0);
    for (int c = 0; c < 4; c++) {
        one_access(s, model, &idle, 0xB, r->mode[c] | c);
        one_access(s, model, &idle, 2 * c, r->address[c] & 0xFF), one_access(s, model, &idle, 2 * c, r->address[c] >> 8);
        one_access(s, model, &idle, 2 * c + 1, r->count[c] & 0xFF), one_access(s, model, &idle, 2 * c + 1, r->count[c] >> 8);
    }
    one_access(s, model, &idle, 0x8, r->command);
    one_access(s, model, &idle, 0xF, r->mask);
    if (r->flip_flop) one_access(s, model, &idle, 0, r->address[0] & 0xFF);
}

static int first_difference(const i8237_out *got, const uint8_t *expected, const uint8_t *care) {
    const uint8_t *levels = (const uint8_t *)got;
    for (int n = 0; n < PINS; n++)
        if ((levels[n] ^ expected[n]) & care[n]) return n;
    return -1;
}

EXPORT void run_vector(const shim *s, int cmos, const i8237_registers *initial, int32_t clocks, const i8237_in *in, const uint8_t *expected,
                       const uint8_t *care, verdict *said) {
    memset(said, 0, sizeof *said);
    said->clock = -1;
    void *model = s->create(cmos);
    if (!model) {
        said->clock = -2;
        return;
    }
    s->reset(model);
    if (!s->load(model, initial)) through_the_pins(s, model, initial, in[0].dreq);
    for (int32_t clock = 0; clock < clocks; clock++, expected += PINS, care += PINS) {
        i8237_out out;
        memset(&out, 0, sizeof out);
        s->clock(model, &in[clock], &out);
        const int pin = first_difference(&out, expected, care);
        if (pin < 0) continue;
        said->clock = clock, said->pin = pin, said->expected = expected[pin], said->got = ((const uint8_t *)&out)[pin];
        const char *state = s->state(model);
        if (state) strncpy(said->state, state, sizeof said->state - 1);
        break;
    }
    if (said->clock < 0) said->stored = s->store(model, &said->registers) != 0;
    s->destroy(model);
}
