/* The shim between an 8237A's model and `isadma vectors run`: eight functions of yours, and a ninth if you have it,
 * C only, in a shared library.
 *
 *     cc -shared -fPIC -o my.so my.c && isadma vectors run --shim ./my.so
 *
 * A model is stepped by clocks of the 8237A: one call of i8237_clock is one state. Every struct may grow at its end in a
 * later version of this file; ISADMA_VECTORS_ABI then counts up. */
#ifndef ISADMA_VECTORS_H
#define ISADMA_VECTORS_H
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define ISADMA_VECTORS_ABI 1

/* Levels at the input pins in one clock: 0 or 1 but for dreq (DREQ3-0), db (DB7-0) and a (A3-A0). `_n`: active low. A pin
 * that the chip itself drives (ior_n, iow_n, eop_n) has the level of the wire. */
typedef struct {
    uint8_t reset, cs_n, ready, hlda, dreq, ior_n, iow_n, eop_n, db, a;
} i8237_in;

/* Levels at the output pins in the same clock, as in the second half of the state (in i8237_half: the first). `_driven`: 0 where the pin floats (its
 * level then does not count); EOP# is open drain, so only whether it is pulled low. dack: DACK3-0 as levels. */
typedef struct {
    uint8_t hrq, dack, aen, adstb, eop_driven, strobes_driven, ior_n, iow_n, memr_n, memw_n, db_driven, db, a_driven, a;
} i8237_out;

typedef struct {
    uint16_t address[4], count[4], base_address[4], base_count[4];
    uint8_t mode[4]; /* bits 7-2 of each channel's mode register; bits 1-0 are 0 */
    uint8_t command, status /* TC bits 3-0 */, request, mask, temporary, flip_flop;
} i8237_registers;

/* What a model has: bits of i8237_about.pins and .registers. */
enum {
    I8237_HRQ = 1, I8237_DACK = 2, I8237_AEN = 4, I8237_ADSTB = 8, I8237_EOP = 16, I8237_STROBES = 32, I8237_DB = 64, I8237_A = 128,
    I8237_ALL_PINS = 255,
    I8237_READS = 256 /* in place of I8237_DB: DB only while the processor reads a register, for a model without a bus */
};
enum {
    I8237_ADDRESS = 1, I8237_COUNT = 2, I8237_BASES = 4, I8237_MODE = 8, I8237_COMMAND = 16, I8237_STATUS = 32,
    I8237_REQUEST = 64, I8237_MASK = 128, I8237_TEMPORARY = 256, I8237_FLIP_FLOP = 512, I8237_ALL_REGISTERS = 1023
};

typedef struct {
    uint32_t abi;       /* ISADMA_VECTORS_ABI */
    uint32_t pins;      /* pins that i8237_clock shows; the others are not compared */
    uint32_t registers; /* registers that i8237_store knows; the others are not compared */
    const char *name;   /* of the model, for the report */
} i8237_about;

/* 1. What the model is. */
void i8237_describe(i8237_about *about);
/* 2. A new model after power-up, an 82C37A if cmos is not 0; NULL if there is none of that kind. */
void *i8237_create(int cmos);
/* 3. */
void i8237_destroy(void *model);
/* 4. As by the RESET pin, at once. */
void i8237_reset(void *model);
/* 5. Puts registers into a model that has just been reset, bases as `address` and `count`. Returns 0 if it cannot: they are
 *    then written through the pins by i8237_clock, as a processor would. */
int i8237_load(void *model, const i8237_registers *registers);
/* 6. Gives the registers as they are; returns 0 if it cannot. */
int i8237_store(void *model, i8237_registers *registers);
/* 7. Gives what the output pins show in this clock under these inputs (a register read follows A3-A0 at once), and then takes
 *    the clock edges that end it. */
void i8237_clock(void *model, const i8237_in *in, i8237_out *out);
/* 8. A word about the last clock for the report (a state's name, perhaps); may return NULL. */
const char *i8237_state(void *model);
/* 9. Only for a model that knows the middle of a state; without it no first half is compared. Called before i8237_clock, in each
 *    state or in none: gives what the output pins show in the first half of the state, and then takes CLK's rising edge;
 *    i8237_clock then is the second half, and takes the falling edge alone. HLDA rises with the state; when it falls, and at every
 *    other input, the first half has the level of the clock before. */
void i8237_half(void *model, const i8237_in *in, i8237_out *out);

#ifdef __cplusplus
}
#endif
#endif
