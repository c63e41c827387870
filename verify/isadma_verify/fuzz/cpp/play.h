// Plays one scenario on a compiled design and its golden model, every pin compared in every fabric clock.
#pragma once
#include <cstdint>
#include <iterator>
#include <memory>
#include <optional>
#include "target.h"

namespace fuzz {

constexpr int PINS = std::size(Target::PINS), INPUTS = std::size(Target::INPUTS);

struct Difference {
    int64_t clock;  // -1: none
    uint32_t pin, expected, got, care, state, done;
};

// One clock as it was, before the edge that ends it.
struct Moment {
    uint32_t clock;
    const Target &target;
    const uint32_t *in, *want, *got, *care;  // inputs, the model's pins, the design's, the bits compared of each
};

// Shows every clock to `watch` if there is one, and then goes on after a difference; without one it ends there.
template <class Watch> Difference play(const Scenario &s, uint64_t *bins, Watch *watch) {
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
        if (watch) {
            Target::flat(inputs, in);
            (*watch)(Moment{clock, *target, in, want, got, care});
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

}  // namespace fuzz
