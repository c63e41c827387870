// Runs scenarios on a compiled design and its golden model, every pin compared in every fabric clock; the C interface.
#include <algorithm>
#include <cassert>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <iostream>
#include <memory>
#include <vector>
// Several such libraries live in one process: what they have in common by name must not be shared. The C library's
// headers come before, or Clang looks for its functions in here.
#pragma GCC visibility push(hidden)
#include "play.h"
#ifdef RECORDS
#include "record.h"
#endif

using namespace fuzz;

namespace {

// What a clock showed, for a trace: inputs, the model's pins, the design's, the bits compared of each, the states.
using Shown = void (*)(void *context, const uint32_t *inputs, const uint32_t *model, const uint32_t *design, const uint32_t *care,
                       const uint32_t *states);

// Calls back with every clock.
struct Trace {
    Shown row;
    void *context;
    void operator()(const Moment &m) {
        const uint32_t states[2] = {m.target.state(0), m.target.state(1)};
        row(context, m.in, m.want, m.got, m.care, states);
    }
};

// The golden model and its coverage along pins that something else has driven and sampled; false: this target has no such.
template <class T> auto follow(const uint32_t *in, const uint8_t *edges, uint32_t clocks, uint64_t *bins, int) -> decltype(T::unflat(in), true) {
    auto target = std::make_unique<T>();
    typename T::Counting counting(bins);
    for (uint32_t n = 0; n < clocks; n++, in += INPUTS) {
        const auto inputs = T::unflat(in);
        const bool rise = edges[n] & 1, fall = edges[n] >> 1 & 1;
        counting.before(*target, inputs, fall);
        target->model.clock(inputs, rise, fall);
        counting.after(*target, fall);
    }
    return true;
}
template <class T> bool follow(const uint32_t *, const uint8_t *, uint32_t, uint64_t *, long) { return false; }

}  // namespace

#pragma GCC visibility pop

#define EXPORT __attribute__((visibility("default")))

extern "C" {

#ifdef MUTANTS
// Lets one of the mutations live in all that is played from now on; 0: none.
EXPORT void fuzz_mutant(uint32_t number) { Rtl::mutant = number; }
#endif

// Bins of the coverage, and the name of each.
EXPORT int fuzz_bins() { return Target::Counting::table().size(); }
EXPORT void fuzz_bin_name(int bin, char *text, int size) { snprintf(text, size, "%s", Target::Counting::table().name(bin).c_str()); }

// Pins compared (inputs = 0) or driven (inputs = 1): how many, their names and widths.
EXPORT int fuzz_pins(int inputs) { return inputs ? INPUTS : PINS; }
EXPORT const char *fuzz_pin_name(int inputs, int n) { return inputs ? Target::INPUTS[n].name : Target::PINS[n].name; }
EXPORT int fuzz_pin_width(int inputs, int n) { return inputs ? Target::INPUTS[n].width : Target::PINS[n].width; }
EXPORT int fuzz_pin_enable(int n) { return Target::PINS[n].enable; }
EXPORT const char *fuzz_state_name(int n) { return n < golden::STATES ? golden::STATE_NAMES[n] : "?"; }

// Draws the scenario of a seed; returns its steps, of which at most `most` are written.
EXPORT uint32_t fuzz_scenario(uint64_t seed, uint32_t clocks, uint32_t per_state, Scenario *scenario, Step *steps, uint32_t most) {
    std::vector<Step> drawn;
    *scenario = Target::draw(seed, clocks, per_state, drawn);
    std::memcpy(steps, drawn.data(), sizeof(Step) * std::min<size_t>(most, drawn.size()));
    scenario->steps = nullptr;
    return uint32_t(drawn.size());
}

// Plays one scenario; `bins` and `row` may be null.
EXPORT void fuzz_play(const Scenario *scenario, Difference *difference, uint64_t *bins, Shown row, void *context) {
    Trace trace{row, context};
    *difference = play(*scenario, bins, row ? &trace : nullptr);
}

// Follows pins that were sampled elsewhere: inputs of each clock, whether it ends CLK's low half (1), its high half (2).
EXPORT int fuzz_follow(const uint32_t *inputs, const uint8_t *edges, uint32_t clocks, uint64_t *bins) {
    return follow<Target>(inputs, edges, clocks, bins, 0);
}

// Plays the scenarios of `count` seeds; stops at the first that differs. Returns the seeds that agreed.
EXPORT uint64_t fuzz_seeds(uint64_t first, uint64_t count, uint32_t clocks, uint32_t per_state, uint64_t *bins, Difference *difference) {
    std::vector<Step> steps;
    for (uint64_t n = 0; n < count; n++) {
        steps.clear();
        const Scenario scenario = Target::draw(first + n, clocks, per_state, steps);
        *difference = play<Trace>(scenario, bins, nullptr);
        if (difference->clock >= 0) return n;
    }
    return count;
}

#ifdef RECORDS
// Plays one scenario, differences or not, and keeps `count` clocks from clock `from` on: rows of `fuzz_row_words()` words, the
// registers of the model's chips before the first and after the last of them, and the bins reached in between.
EXPORT uint32_t fuzz_row_words() { return Recorder::WORDS; }
EXPORT void fuzz_record(const Scenario *scenario, uint32_t from, uint32_t count, uint32_t *rows, Snapshot *registers, uint64_t *bins,
                        Difference *difference) {
    Recorder recorder{from, count, rows, registers, bins};
    *difference = play(*scenario, bins, &recorder);
}
#endif

}  // extern "C"
