// The shim around the golden model: what a model's author writes, in some seventy lines.
#include <initializer_list>
#include "chip.h"
#include "isadma_vectors.h"

using golden::Chip;

namespace {

struct Model : Chip {
    bool halved = false;  // the first half of this state is over
};

Model &chip(void *model) { return *static_cast<Model *>(model); }

golden::ChipIn show(const Chip &chip, const i8237_in *in, i8237_out *out) {
    const golden::ChipIn pins{in->reset, in->cs_n, in->ready, in->hlda, in->dreq, in->ior_n, in->iow_n, in->eop_n, in->db, in->a};
    const golden::ChipOut now = chip.outputs(pins);
    *out = {now.hrq, now.dack, now.aen, now.adstb, now.eop_oe, now.strobes_oe, now.ior_n, now.iow_n, now.memr_n, now.memw_n,
            now.db_oe, now.db, now.a_oe, now.a};
    return pins;
}

}  // namespace

extern "C" {

void i8237_describe(i8237_about *about) {
    *about = {ISADMA_VECTORS_ABI, I8237_ALL_PINS, I8237_ALL_REGISTERS, "golden model"};
}

void *i8237_create(int cmos) {
    Model *chip = new Model;
    chip->r.cmos = cmos != 0;
    return chip;
}

void i8237_destroy(void *model) { delete &chip(model); }

void i8237_reset(void *model) {
    golden::ChipIn in;
    in.reset = 1;
    chip(model).clock(in, true, true);
}

int i8237_load(void *model, const i8237_registers *from) {
    golden::Registers &r = chip(model).r;
    for (int c = 0; c < 4; c++) {
        golden::Channel &channel = r.channel[c];
        channel.mode = from->mode[c];
        channel.address = channel.base_address = from->address[c], channel.count = channel.base_count = from->count[c];
    }
    r.write(0x8, from->command);
    r.mask = from->mask, r.high_byte = from->flip_flop;
    chip(model).now.dack = chip(model).next_half.dack = r.dack_off();
    return 1;
}

int i8237_store(void *model, i8237_registers *to) {
    const golden::Registers &r = chip(model).r;
    for (int c = 0; c < 4; c++) {
        const golden::Channel &channel = r.channel[c];
        to->address[c] = channel.address, to->count[c] = channel.count, to->mode[c] = channel.mode;
        to->base_address[c] = channel.base_address, to->base_count[c] = channel.base_count;
    }
    to->command = r.command, to->status = r.status, to->request = r.request, to->mask = r.mask;
    to->temporary = r.temporary, to->flip_flop = r.high_byte;
    return 1;
}

void i8237_clock(void *model, const i8237_in *in, i8237_out *out) {
    Model &c = chip(model);
    const golden::ChipIn pins = show(c, in, out);
    c.clock(pins, !c.halved, true);
    // By halves the chip takes the byte in the middle of S14; a vector's DB is the same there, and it may end here.
    if (c.halved && c.state == golden::S14) c.r.temporary = pins.db;
    c.halved = false;
}

void i8237_half(void *model, const i8237_in *in, i8237_out *out) {
    Model &c = chip(model);
    c.clock(show(c, in, out), true, false);
    c.halved = true;
}

const char *i8237_state(void *model) { return golden::STATE_NAMES[chip(model).state]; }

}  // extern "C"
