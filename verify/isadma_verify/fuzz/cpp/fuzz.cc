// Runs scenarios on a compiled design and its golden model, every pin compared in every fabric clock; the C interface.
#include <cstdint>
#include <cstring>
#include <iterator>
#include <memory>
#include <optional>
// Several such libraries live in one process: what they have in common by name must not be shared.
#pragma GCC visibility push(hidden)
#include "target.h"

using namespace fuzz;

namespace {

constexpr int PINS = std::size(Target::PINS), INPUTS = std::size(Target::INPUTS);

struct Difference {
    int64_t clock;  // -1: none
    uint32_t pin, expected, got, care, state, done;
};

// What a clock showed, for a trace: inputs, the model's pins, the design's, the bits compared of each, the states.
using Shown = void (*)(void *context, const uint32_t *inputs, const uint32_t *model, const uint32_t *design, const uint32_t *care,
                       const uint32_t *states);

Difference play(const Scenario &s, uint64_t *bins, Shown row, void *context) {
    auto target = std::make_unique<Target>();
    Target::Surroundings world(s, Target::opening(), Target::load_again);
    std::optional<Target::Counting> counting;
    if (bins) counting.emplace(bins);
    Difference difference{-1, 0, 0, 0, 0, 0, 0};
    uint32_t want[PINS], got[PINS], care[PINS], in[INPUTS];
    for (uint32_t clock = 0; clock < s.clocks; clock++) {
        world.clock(target->seen());
        const bool rise = world.rise, fall = world.fall;
        const auto inputs = target->inputs(world);
        const auto out = target->model.outputs(inputs);
        target->rtl.set(inputs, rise, fall);
        target->rtl.settle();
        Target::flat(out, want);
        target->rtl.get(got);
        target->judge(world, inputs, want, got, care);
        for (int n = 0; n < PINS; n++)
            if ((want[n] ^ got[n]) & care[n] && difference.clock < 0)
                difference = {int64_t(clock), uint32_t(n), want[n], got[n], care[n], uint32_t(target->state(0)), world.done};
        if (row) {
            uint32_t states[2] = {target->state(0), target->state(1)};
            Target::flat(inputs, in);
            row(context, in, want, got, care, states);
        } else if (difference.clock >= 0) {
            return difference;
        }
        if (counting) counting->before(*target, inputs, fall);
        target->model.clock(inputs, rise, fall);
        target->rtl.edge();
        if (counting) counting->after(*target, fall);
    }
    return difference;
}

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
    *difference = play(*scenario, bins, row, context);
}

// Plays the scenarios of `count` seeds; stops at the first that differs. Returns the seeds that agreed.
EXPORT uint64_t fuzz_seeds(uint64_t first, uint64_t count, uint32_t clocks, uint32_t per_state, uint64_t *bins, Difference *difference) {
    std::vector<Step> steps;
    for (uint64_t n = 0; n < count; n++) {
        steps.clear();
        const Scenario scenario = Target::draw(first + n, clocks, per_state, steps);
        *difference = play(scenario, bins, nullptr, nullptr);
        if (difference->clock >= 0) return n;
    }
    return count;
}

}  // extern "C"
