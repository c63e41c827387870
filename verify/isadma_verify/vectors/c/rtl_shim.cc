// The shim around the RTL, compiled by CXXRTL: registers go in through the pins, as a processor writes them.
#include "isadma_vectors.h"
#include "rtl.h"

namespace {

struct Chip {
    fuzz::Rtl rtl;
    bool halved = false;  // the first half of this state is over

    void half(const i8237_in &in, i8237_out &out) {
        edge(in, out, true, false);
        halved = true;
    }
    void clock(const i8237_in &in, i8237_out &out) {
        edge(in, out, !halved, true);
        halved = false;
    }

  private:
    void edge(const i8237_in &in, i8237_out &out, bool rise, bool fall) {
        uint32_t v[17];
        rtl.set(in, rise, fall);
        rtl.settle();
        rtl.get(v);
        out = {uint8_t(v[0]), uint8_t(v[1]), uint8_t(v[2]), uint8_t(v[3]), uint8_t(v[4]), uint8_t(v[5]), uint8_t(v[9]),
               uint8_t(v[10]), uint8_t(v[11]), uint8_t(v[12]), uint8_t(v[13]), uint8_t(v[14]), uint8_t(v[15]), uint8_t(v[16])};
        rtl.edge();
    }
};

Chip &chip(void *model) { return *static_cast<Chip *>(model); }

}  // namespace

extern "C" {

void i8237_describe(i8237_about *about) {
    *about = {ISADMA_VECTORS_ABI, I8237_ALL_PINS, 0, "RTL"};
}

void *i8237_create(int cmos) { return cmos == IS_CMOS ? new Chip : nullptr; }
void i8237_destroy(void *model) { delete &chip(model); }

void i8237_reset(void *model) {
    i8237_in in = {1, 1, 1, 0, 0, 1, 1, 1, 0xFF, 0};
    i8237_out out;
    for (int n = 0; n < 2; n++) chip(model).clock(in, out);
    in.reset = 0;
    chip(model).clock(in, out);
}

int i8237_load(void *, const i8237_registers *) { return 0; }
int i8237_store(void *, i8237_registers *) { return 0; }
void i8237_clock(void *model, const i8237_in *in, i8237_out *out) { chip(model).clock(*in, *out); }
void i8237_half(void *model, const i8237_in *in, i8237_out *out) { chip(model).half(*in, *out); }
const char *i8237_state(void *) { return nullptr; }

}  // extern "C"
