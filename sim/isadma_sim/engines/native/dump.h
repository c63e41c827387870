// What a waveform dump is told of its signals and levels: waves/plan.py has the same in ctypes.
#pragma once
#include <cstdint>

extern "C" {

// What a signal shows; the order is that of `Shape` in waves/plan.py.
enum isadma_shape : uint32_t {
    SHAPE_IN,        // bits of the inputs
    SHAPE_OUT,       // bits of the outputs
    SHAPE_LOW,       // low where an input or an output is low
    SHAPE_ADDRESS,
    SHAPE_DATA,
    SHAPE_ACCESS,    // text from here on
    SHAPE_MASTER,
    SHAPE_TRANSFER,
    SHAPE_CHANNEL,
};

struct isadma_signal {
    uint32_t shape, handle, width;
    uint32_t in_low, out_low;
    uint32_t shown_before;    // whether `last` is in the file
    uint64_t last;
};

// A register inside a chip; `names` has the text of each of its values, of eight bytes, or is null.
struct isadma_probe {
    uint32_t handle, width;
    uint32_t chip, low;
    int32_t word;             // of the chip's register file; -1: the bits from `low` on of what the board shows
    uint32_t unused;
    uint64_t last;
    const char *names;
};

// When a line is active: a bit of the inputs, the outputs or the interrupt requests.
struct isadma_level {
    uint32_t word;            // 0 none, 1 inputs, 2 outputs, 3 requests
    uint32_t low;             // active low
    uint64_t mask;
};

struct isadma_dump {
    void *context;            // of the FST library, and its calls
    void (*emit_time)(void *, uint64_t);
    void (*emit_value)(void *, uint32_t, const void *);
    void (*emit_text)(void *, uint32_t, const void *, uint32_t);
    void (*flush)(void *);
    const char *path;
    isadma_signal *signals;
    isadma_probe *probes;
    uint32_t signal_count, probe_count;
    uint32_t clk, asleep, pics[4];  // handles
    uint64_t unit, hz;
    uint64_t block;           // bytes after which the library is made to write
    uint64_t limit;           // bytes of the file
    uint64_t first, last;     // clocks of the window
    uint64_t wakes;           // the clock before which nothing is looked at, until it has begun
    isadma_level begins, ends;
    int64_t begun, ended;     // -1 for not yet
    uint32_t was, full, started, pics_shown;
    uint64_t clock, shown, time, pending;
    uint64_t seen_in, seen_out;
    uint32_t pic_values[4];
    uint32_t looked, inside;  // whether a clock, and the insides, were shown before
    uint64_t inputs, outputs;
};

}
