// The surroundings of a design on Wishbone: a master for its registers that may lose patience, memory that may be slow or
// fail, devices that may not be ready. Standard cycles by the rules of B4, and no more than the rules.
// Ref: OpenCores, WISHBONE revision B4, rules 3.20 to 3.60.
#pragma once
#include <vector>
#include "steps.h"

namespace fuzz {

// What the surroundings have to know of the design: its answer in the last clock, what it asks of memory in this one.
struct BusSeen {
    bool acknowledged, cyc, stb, hrq;
};

class BusWorld {
  public:
    uint8_t rst = 0, cyc = 0, stb = 0, we = 0, sel = 0, adr = 0, ack = 0, err = 0, ready = 1, eop_n = 1;
    uint32_t dat_w = 0, dat_r = 0;
    uint16_t lines = 0;
    bool done = false, rise = true, fall = true;
    Random noise;

    bool noise_on() const { return noisy; }

    BusWorld(const Scenario &s, std::vector<Step> opening, void (*reload)(uint32_t, std::vector<Step> &))
        : noise(s.noise), noisy(s.noise), program(std::move(opening)) {
        for (uint32_t n = 0; n < s.count; n++) {
            const Step &step = s.steps[n];
            if (is_wire(step.kind)) {
                wires.push_back(step);
                continue;
            }
            program.push_back(step);
            if (step.kind == RELOAD) reload(step.count, program);
        }
        if (!wires.empty()) delay = wires[0].gap;
    }

    void clock(const BusSeen &seen) {
        age = seen.hrq ? age + 1 : 0;
        const bool late = age > SERVICE_CLOCKS;
        master(seen.acknowledged);
        memory(seen);
        wire();
        if (late && !(age & 7)) lines ^= noise.bits() & 0xF;
        if (late && age & 1) eop_n = 0;
    }

  private:
    static constexpr int SERVICE_CLOCKS = 600;  // of one service, after which its surroundings try to end it
    bool noisy;
    std::vector<Step> program, wires;
    size_t at = 0, wire_at = 0;
    int delay = 0, not_ready = 0, stopping = 0, age = 0;
    // The registers' master.
    enum Phase { NEXT, ASKING, GAP, RESETTING } phase = NEXT;
    int left = 0, asked = 0;
    bool given_up = false;
    Step now{};
    // Memory.
    int latency = 0, until_error = 0, waited = 0;
    bool begun = false;

    static bool is_wire(uint8_t kind) { return kind == LINES || kind == BUSY || kind == STOP || kind == ANSWER; }

    void master(bool acknowledged) {
        rst = 0, given_up = false;
        if (phase == ASKING) {
            if (acknowledged) rest();
            else if (now.length && asked >= now.length) given_up = true, rest();
            else asked++;
        } else if (phase == GAP && --left <= 0) {
            phase = NEXT;
        } else if (phase == RESETTING && --left <= 0) {
            phase = NEXT;
        }
        if (phase == NEXT) fetch();
        if (phase == ASKING) return;
        asked = 0;
        cyc = stb = 0;
        if (phase == RESETTING) rst = 1;
        if (!noisy) return;
        const uint32_t bits = noise.bits();
        we = bits & 1, sel = bits >> 1 & 0xF, adr = bits >> 5 & 0x1F, dat_w = noise.bits();
        // Either line alone asks for nothing.
        if (phase == GAP) cyc = bits >> 10 & 1, stb = !cyc && bits >> 11 & 1;
    }

    // An access that was given up has at least a clock without it; one with RST does.
    void rest() {
        const bool to_reset = at < program.size() && program[at].kind == RELOAD;
        left = given_up && !now.gap && !to_reset ? 1 : now.gap;
        phase = left ? GAP : NEXT;
    }

    void fetch() {
        if (at == program.size()) {
            done = true;
            return;
        }
        now = program[at++];
        switch (now.kind) {
            case WRITE:
            case READ:
                phase = ASKING, asked = 1;
                cyc = stb = 1, we = now.kind == WRITE, adr = now.port & 0x1F, sel = now.data;
                dat_w = we || !noisy ? now.count : noise.bits();
                if (we && noisy) dat_w |= noise.bits() << 16;
                break;
            case IDLE: phase = GAP, left = now.count ? now.count : 1; break;
            case RESET:
            case RELOAD: phase = RESETTING, left = now.length ? now.length : 1; break;
            default: break;
        }
    }

    // An answer comes some clocks after the transfer, and some are ERR.
    void memory(const BusSeen &seen) {
        ack = err = 0;
        dat_r = noisy ? noise.bits() : dat_r * 5 + 0x01020304;
        if (!(seen.cyc && seen.stb)) {
            begun = false;
            return;
        }
        if (!begun) begun = true, waited = 0;
        else waited++;
        if (waited < latency) return;
        begun = false;
        if (until_error && !--until_error) err = 1;
        else ack = 1;
    }

    void wire() {
        while (wire_at < wires.size() && delay == 0) {
            const Step &s = wires[wire_at++];
            switch (s.kind) {
                case LINES: lines = s.port; break;
                case BUSY: not_ready = s.count; break;
                case STOP: stopping = s.count; break;
                case ANSWER: latency = s.length, until_error = s.count; break;
                default: break;
            }
            if (wire_at < wires.size()) delay = wires[wire_at].gap;
        }
        if (delay) delay--;
        ready = not_ready == 0, eop_n = stopping == 0;
        if (not_ready) not_ready--;
        if (stopping) stopping--;
    }
};

}  // namespace fuzz
