// Runs scenarios on a compiled design and its golden model, every pin compared in every fabric clock; the C interface.
#include <cstdint>
#include <cstring>
#include <iterator>
#include <memory>
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

void load_again(uint32_t seed, std::vector<Step> &steps) {
    Generator g(Target::ports(), seed);
    g.load_all(steps);
}

// The steps that every scenario of this target begins with.
std::vector<Step> opening() {
    std::vector<Step> steps;
    Generator(Target::ports(), 0).open(steps);
    return steps;
}

// What a clock showed, for a trace: inputs, then the model's pins, then the design's, then the states.
using Shown = void (*)(void *context, const uint32_t *inputs, const uint32_t *model, const uint32_t *design, const uint32_t *states);

Difference play(const Scenario &s, uint64_t *bins, Shown row, void *context) {
    auto target = std::make_unique<Target>();
    World world(s, opening(), load_again);
    std::vector<Coverage> coverage;
    if (bins)
        for (int n = 0; n < Target::CHIPS; n++) coverage.emplace_back(bins);
    Difference difference{-1, 0, 0, 0, 0, 0, 0};
    uint32_t want[PINS], got[PINS], in[INPUTS];
    uint32_t before_requests = 0;
    int still = 0;
    for (uint32_t clock = 0; clock < s.clocks; clock++) {
        const uint32_t place = clock % s.per_state;
        const bool fall = place == s.per_state - 1, rise = s.per_state == 1 || place == s.per_state / 2 - 1;
        world.clock(target->seen());
        const auto inputs = target->inputs(world);
        const auto out = target->model.outputs(inputs);
        target->rtl.set(inputs, rise, fall);
        target->rtl.settle();
        Target::flat(out, want);
        target->rtl.get(got);
        // Read data counts from the third clock of IOR#; status bits 4-7 only once the requests have been still as long.
        const uint32_t requests = target->requests(inputs);
        still = requests == before_requests ? still + 1 : 0;
        before_requests = requests;
        uint32_t data_care = ~0u;
        bool direction = true;
        if (world.low && world.low < READ_VALID) data_care = 0, direction = false;
        else if (world.low && target->status_port(world.port) && still < READ_VALID) data_care = 0x0F;
        for (int n = 0; n < PINS; n++) {
            const Pin &pin = Target::PINS[n];
            if (pin.enable >= 0 && !want[pin.enable]) continue;
            uint32_t care = ~0u >> (32 - pin.width);
            if (n == Target::DATA) care &= data_care;
            if (n == Target::DATA_DRIVEN && !direction) care = 0;
            if ((want[n] ^ got[n]) & care && difference.clock < 0)
                difference = {int64_t(clock), uint32_t(n), want[n], got[n], care, uint32_t(target->chip(0).state), world.done};
        }
        if (row) {
            uint32_t states[2] = {target->chip(0).state, target->chip(Target::CHIPS - 1).state};
            Target::flat(inputs, in);
            row(context, in, want, got, states);
        } else if (difference.clock >= 0) {
            return difference;
        }
        if (bins)
            for (int n = 0; n < Target::CHIPS; n++) coverage[n].before(target->chip(n), target->chip_in(n, inputs), fall);
        target->model.clock(inputs, rise, fall);
        target->rtl.edge();
        if (bins)
            for (int n = 0; n < Target::CHIPS; n++) coverage[n].after(target->chip(n), fall);
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
EXPORT int fuzz_bins() { return Coverage::size(); }
EXPORT void fuzz_bin_name(int bin, char *text, int size) { snprintf(text, size, "%s", Coverage::name(bin).c_str()); }

// Pins compared (inputs = 0) or driven (inputs = 1): how many, their names and widths.
EXPORT int fuzz_pins(int inputs) { return inputs ? INPUTS : PINS; }
EXPORT const char *fuzz_pin_name(int inputs, int n) { return inputs ? Target::INPUTS[n].name : Target::PINS[n].name; }
EXPORT int fuzz_pin_width(int inputs, int n) { return inputs ? Target::INPUTS[n].width : Target::PINS[n].width; }
EXPORT int fuzz_pin_enable(int n) { return Target::PINS[n].enable; }
EXPORT const char *fuzz_state_name(int n) { return n < golden::STATES ? golden::STATE_NAMES[n] : "?"; }

// Draws the scenario of a seed; returns its steps, of which at most `most` are written.
EXPORT uint32_t fuzz_scenario(uint64_t seed, uint32_t clocks, uint32_t per_state, Scenario *scenario, Step *steps, uint32_t most) {
    std::vector<Step> drawn;
    Generator generator(Target::ports(), seed);
    *scenario = generator.scenario(clocks, per_state, drawn);
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
        Generator generator(Target::ports(), first + n);
        const Scenario scenario = generator.scenario(clocks, per_state, steps);
        *difference = play(scenario, bins, nullptr, nullptr);
        if (difference->clock >= 0) return n;
    }
    return count;
}

}  // extern "C"
