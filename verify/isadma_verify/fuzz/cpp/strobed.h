// What targets have in common whose processor has strobes: chips and boards, one golden clock for each fabric clock.
#pragma once
#include "coverage.h"
#include "generate.h"
#include "rtl.h"
#include "world.h"

namespace fuzz {

// `Target` has the model, `ports`, its pins, and how chips are reached in it.
template <class Target> struct Strobed {
    using Surroundings = World;

    static Scenario draw(uint64_t seed, uint32_t clocks, uint32_t per_state, std::vector<Step> &steps) {
        Generator generator(Target::ports(), seed);
        return generator.scenario(clocks, per_state, steps);
    }
    // The steps that every scenario begins with.
    static std::vector<Step> opening() {
        std::vector<Step> steps;
        Generator(Target::ports(), 0).open(steps);
        return steps;
    }
    static void load_again(uint32_t seed, std::vector<Step> &steps) {
        Generator generator(Target::ports(), seed);
        generator.load_all(steps);
    }

    // The bins of all chips, in one table.
    class Counting {
      public:
        static Bins &table() { return Coverage::table(); }
        explicit Counting(uint64_t *bins) {
            for (int n = 0; n < Target::CHIPS; n++) coverage.emplace_back(bins);
        }
        template <class In> void before(const Target &t, const In &in, bool fall) {
            for (int n = 0; n < Target::CHIPS; n++) coverage[n].before(t.chip(n), t.chip_in(n, in), fall);
        }
        void after(const Target &t, bool fall) {
            for (int n = 0; n < Target::CHIPS; n++) coverage[n].after(t.chip(n), fall);
        }

      private:
        std::vector<Coverage> coverage;
    };

    State state(int n) const { return self().chip(n ? Target::CHIPS - 1 : 0).state; }

    // Which bits of each pin the contract fixes in this clock. Read data counts from the third clock of IOR#; status
    // bits 4-7 only once the requests have been still as long.
    template <class In> void judge(const World &w, const In &in, uint32_t *want, const uint32_t *, uint32_t *care) {
        const uint32_t requests = self().requests(in);
        still = requests == before_requests ? still + 1 : 0;
        before_requests = requests;
        for (size_t n = 0; n < std::size(Target::PINS); n++) {
            const Pin &pin = Target::PINS[n];
            care[n] = pin.enable >= 0 && !want[pin.enable] ? 0 : ~0u >> (32 - pin.width);
        }
        // What is not read here is not driven from the first clock on.
        if (w.low && w.low < READ_VALID) care[Target::DATA] = 0, care[Target::DATA_DRIVEN] = want[Target::DATA_DRIVEN] ? 0 : 1;
        else if (w.low && self().status_port(w.port) && still < READ_VALID) care[Target::DATA] &= 0x0F;
    }

  private:
    uint32_t before_requests = 0;
    int still = 0;
    const Target &self() const { return static_cast<const Target &>(*this); }
};

}  // namespace fuzz
