/* Runs one vector through a shim: registers in, inputs clock by clock, every pin compared, in both halves if it can, registers out. */
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
    void (*half)(void *, const i8237_in *, i8237_out *); /* NULL: the model has no halves */
} shim;

typedef struct {
    int32_t clock; /* -1: every clock agrees; -2: there is no model of that kind */
    uint32_t pin, expected, got;
    int32_t half; /* 1: in the first half of that clock */
    int32_t stored; /* 1: `registers` are the model's after the last clock */
    i8237_registers registers;
    char state[32];
    int32_t inside, now; /* the function that is called, in the order of `shim`, and the clock: of use if it does not come back */
} verdict;

/* A model under way. */
typedef struct {
    const shim *s;
    void *model;
    int halves;      /* it is stepped by halves */
    i8237_in before; /* the inputs of the clock before */
    verdict *said;
} run;

enum { CREATE, DESTROY, RESET, LOAD, STORE, CLOCK, STATE, HALF };

/* One state. HLDA rises with it; all other inputs, and HLDA when it falls, move in the middle. */
static void step(run *r, const i8237_in *in, i8237_out *first, i8237_out *out) {
    if (r->halves) {
        i8237_in early = r->before;
        early.hlda |= in->hlda;
        r->said->inside = HALF;
        r->s->half(r->model, &early, first);
    }
    r->said->inside = CLOCK;
    r->s->clock(r->model, in, out);
    r->before = *in;
}

/* A write, or a read of three clocks, of what is at these pins. */
static void one_access(run *r, const i8237_in *idle, int reads, uint8_t a, uint8_t byte) {
    i8237_in in = *idle;
    i8237_out first, out;
    in.cs_n = 0, in.a = a, in.db = byte;
    step(r, &in, &first, &out);
    in.ior_n = !reads, in.iow_n = reads;
    for (int clock = 0; clock < (reads ? 3 : 1); clock++) step(r, &in, &first, &out);
    in.ior_n = in.iow_n = 1;
    step(r, &in, &first, &out);
    step(r, idle, &first, &out);
}

static void one_write(run *r, const i8237_in *idle, uint8_t a, uint8_t byte) { one_access(r, idle, 0, a, byte); }

/* What a processor would write to bring a chip from RESET to these registers. */
static void through_the_pins(run *model, const i8237_registers *r, uint8_t dreq) {
    i8237_in idle = {0, 1, 1, 0, 0, 1, 1, 1, 0xFF, 0};
    idle.dreq = dreq;
    model->before = idle;
    one_write(model, &idle, 0xC, 0);
    for (int c = 0; c < 4; c++) {
        one_write(model, &idle, 0xB, r->mode[c] | c);
        one_write(model, &idle, 2 * c, r->address[c] & 0xFF), one_write(model, &idle, 2 * c, r->address[c] >> 8);
        one_write(model, &idle, 2 * c + 1, r->count[c] & 0xFF), one_write(model, &idle, 2 * c + 1, r->count[c] >> 8);
    }
    one_write(model, &idle, 0x8, r->command);
    one_write(model, &idle, 0xF, r->mask);
    if (r->flip_flop) one_access(model, &idle, 1, 0, 0xFF); /* a read leaves the words as they are in a wrong model too */
}

/* A model with the registers of clock 0; 0: there is none of that kind. In the clock before, nobody has access to it. */
static int begin(run *r, const shim *s, int cmos, int halves, const i8237_registers *initial, const i8237_in *in, verdict *said) {
    memset(r, 0, sizeof *r);
    memset(said, 0, sizeof *said);
    said->clock = said->now = -1, r->said = said;
    r->s = s, r->halves = halves && s->half, r->model = s->create(cmos);
    if (!r->model) return 0;
    said->inside = RESET;
    s->reset(r->model);
    said->inside = LOAD;
    if (!s->load(r->model, initial)) through_the_pins(r, initial, in->dreq);
    r->before = *in;
    r->before.reset = 0, r->before.cs_n = r->before.ior_n = r->before.iow_n = 1;
    return 1;
}

/* Whether a byte of i8237_out says that something is driven: any but 0 is yes. Levels are compared whole, so that DACK 1Fh is not Fh. */
static int is_driver(int n) { return n == 4 || n == 5 || n == 10 || n == 12; }

static int first_difference(const i8237_out *got, const uint8_t *expected, const uint8_t *care) {
    const uint8_t *levels = (const uint8_t *)got;
    for (int n = 0; n < PINS; n++)
        if (care[n] && (is_driver(n) ? !levels[n] != !expected[n] : levels[n] != expected[n])) return n;
    return -1;
}

/* Whether a half is as expected; if not, `said` has the pin. */
static int holds(const i8237_out *got, const uint8_t *expected, const uint8_t *care, int half, verdict *said) {
    const int pin = first_difference(got, expected, care);
    if (pin < 0) return 1;
    said->half = half, said->pin = pin, said->expected = expected[pin], said->got = ((const uint8_t *)got)[pin];
    return 0;
}

/* `pins`: expected, care, and if they are known the first halves' expected and care. It is run to the end whatever differs: `shown` has
 * the second half of every clock. */
EXPORT void run_vector(const shim *s, int cmos, const i8237_registers *initial, int32_t clocks, const i8237_in *in, const uint8_t *const *pins,
                       i8237_out *shown, verdict *said) {
    run r;
    if (!begin(&r, s, cmos, pins[2] != 0, initial, in, said)) {
        said->clock = -2;
        return;
    }
    for (int32_t clock = 0; clock < clocks; clock++) {
        i8237_out first, out;
        const int32_t row = clock * PINS;
        memset(&first, 0, sizeof first), memset(&out, 0, sizeof out);
        said->now = clock;
        step(&r, &in[clock], &first, &out);
        shown[clock] = out;
        if (said->clock >= 0) continue;
        if ((!r.halves || holds(&first, pins[2] + row, pins[3] + row, 1, said)) && holds(&out, pins[0] + row, pins[1] + row, 0, said)) continue;
        said->clock = clock, said->inside = STATE;
        const char *state = s->state(r.model);
        if (state) strncpy(said->state, state, sizeof said->state - 1);
    }
    said->inside = STORE;
    said->stored = s->store(r.model, &said->registers) != 0;
    said->inside = DESTROY;
    s->destroy(r.model);
}

/* Writes down what a model with halves shows: of each clock the first half, then the second. */
EXPORT int show_vector(const shim *s, int cmos, const i8237_registers *initial, int32_t clocks, const i8237_in *in, i8237_out *shown) {
    run r;
    verdict said;
    if (!begin(&r, s, cmos, 1, initial, in, &said)) return 0;
    for (int32_t clock = 0; clock < clocks; clock++, shown += 2) step(&r, &in[clock], &shown[0], &shown[1]);
    s->destroy(r.model);
    return 1;
}
