/* The register file of an 8237A or 82C37A as an emulator has it, behind the functions of isadma_vectors.h: what the
 * processor's ports do, and no transfers. It shows DB in reads of registers, so that only these and the registers are compared:
 *
 *     cc -shared -fPIC -I build/vectors -o ports.so docs/examples/vectors/ports.c
 *     isadma vectors run build/vectors --shim ./ports.so --no-transfers
 *
 * Your own model goes in the place of `struct chip`; i8237_clock is the part that a model called by port lacks.
 * Ref: Intel 8237A data sheet, order no. 231466-005, pages 7 to 10; Harris 82C37A, page 10 (its reads of ports 9 to F). */
#include <stdlib.h>
#include "isadma_vectors.h"

struct chip {
    i8237_registers r;
    int cmos, next_mode;
    int reading, writing;       /* whether the last clock was one of an access */
    uint8_t port, written, dreq; /* its port and data; DREQ's levels */
};

static uint8_t read_port(const struct chip *chip, uint8_t port) {
    const i8237_registers *r = &chip->r;
    if (port < 8) {
        uint16_t word = port & 1 ? r->count[port >> 1] : r->address[port >> 1];
        return r->flip_flop ? word >> 8 : word;
    }
    if (port == 8) return (uint8_t)((r->command & 0x40 ? ~chip->dreq : chip->dreq) << 4 | r->status);
    if (port == 13) return r->temporary;
    if (!chip->cmos) return 0xFF; /* the data sheet calls it illegal */
    switch (port) {
    case 9: return 0xF0 | r->request;
    case 10: return r->command;
    case 11: return r->mode[chip->next_mode] | 3;
    case 15: return 0xF0 | r->mask;
    default: return 0xFF;
    }
}

/* What a read leaves behind when its strobe ends. */
static void has_read(struct chip *chip, uint8_t port) {
    if (port < 8) chip->r.flip_flop ^= 1;
    if (port == 8) chip->r.status = 0;
    if (!chip->cmos) return;
    if (port == 11) chip->next_mode = (chip->next_mode + 1) & 3;
    if (port == 12) chip->r.flip_flop = 1;
    if (port == 14) chip->next_mode = 0;
}

static void clear(struct chip *chip) {
    i8237_registers *r = &chip->r;
    r->command = r->status = r->request = r->temporary = r->flip_flop = 0;
    r->mask = 15;
    chip->next_mode = 0;
}

static void half(uint16_t *word, int high, uint8_t value) {
    *word = high ? (uint16_t)((*word & 0x00FF) | value << 8) : (uint16_t)((*word & 0xFF00) | value);
}

static void write_port(struct chip *chip, uint8_t port, uint8_t value) {
    i8237_registers *r = &chip->r;
    uint8_t bit = (uint8_t)(1 << (value & 3));
    if (port < 8) {
        half(port & 1 ? &r->base_count[port >> 1] : &r->base_address[port >> 1], r->flip_flop, value);
        half(port & 1 ? &r->count[port >> 1] : &r->address[port >> 1], r->flip_flop, value);
        r->flip_flop ^= 1;
        return;
    }
    switch (port) {
    case 8: r->command = value; break;
    case 9: r->request = value & 4 ? r->request | bit : r->request & ~bit; break;
    case 10: r->mask = value & 4 ? r->mask | bit : r->mask & ~bit; break;
    case 11: r->mode[value & 3] = value & 0xFC; break;
    case 12: r->flip_flop = 0; break;
    case 13: clear(chip); break;
    case 14: r->mask = 0; break;
    case 15: r->mask = value & 15; break;
    }
}

void i8237_describe(i8237_about *about) {
    about->abi = ISADMA_VECTORS_ABI;
    about->pins = I8237_READS;
    about->registers = I8237_ALL_REGISTERS;
    about->name = "ports.c, no transfers";
}

void *i8237_create(int cmos) {
    struct chip *chip = calloc(1, sizeof *chip);
    if (chip) chip->cmos = cmos, clear(chip);
    return chip;
}

void i8237_destroy(void *model) { free(model); }

void i8237_reset(void *model) { clear(model); }

int i8237_load(void *model, const i8237_registers *registers) {
    struct chip *chip = model;
    chip->r = *registers;
    chip->reading = chip->writing = 0;
    return 1;
}

int i8237_store(void *model, i8237_registers *registers) {
    *registers = ((struct chip *)model)->r;
    return 1;
}

/* An access counts at the end of the first clock in which its strobe is high again; a write with the data, and either with the
 * address, of the clock before. */
void i8237_clock(void *model, const i8237_in *in, i8237_out *out) {
    struct chip *chip = model;
    int reads = !in->cs_n && !in->ior_n && !in->hlda, writes = !in->cs_n && !in->iow_n && !in->hlda;
    chip->dreq = in->dreq;
    out->db_driven = (uint8_t)reads;
    out->db = reads ? read_port(chip, in->a) : 0;
    if (chip->reading && !reads) has_read(chip, chip->port);
    if (chip->writing && !writes) write_port(chip, chip->port, chip->written);
    chip->reading = reads, chip->writing = writes;
    chip->port = in->a, chip->written = in->db;
    if (in->reset) clear(chip), chip->reading = chip->writing = 0;
}

const char *i8237_state(void *model) { return ((struct chip *)model)->reading ? "reads" : "idle"; }
