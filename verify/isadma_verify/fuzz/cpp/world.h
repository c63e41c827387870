// The surroundings that a scenario describes, played clock by clock: the processor, who answers HRQ, and the wires.
// Ref: the project's clock contract, "The program side"; Intel 8237A data sheet, order no. 231466-005, pages 4 to 6 and 11.
#pragma once
#include <vector>
#include "steps.h"

namespace fuzz {

constexpr int SERVICE_LIMIT = 150;  // states of one service after which its surroundings try to end it
constexpr int READ_VALID = 3;       // clock of IOR# low from which read data counts

// What the world has to know of the design in this clock.
struct Seen {
    bool hrq, cascaded;
    bool driving = false;  // the bus is still the design's
    bool lent = false;     // a card has it, which may hold MASTER# low
};

class World {
  public:
    // This clock's lines.
    uint8_t reset = 0, hlda = 0, ready = 1, eop_n = 1, ior_n = 1, iow_n = 1, data = 0;
    uint16_t lines = 0, port = 0;
    bool busy = false;   // an access is under way, from set-up to hold
    bool card = false;   // it is a card's, not the processor's: MASTER# is low
    bool still = false;  // a cascaded master may use its strobes in this clock
    int low = 0;         // clocks that IOR# has been low, this one included
    int lines_still = 0; // clocks without a change of the request lines
    bool done = false;   // the processor's last step is over
    bool rise = true, fall = true;  // this clock ends CLK's low half, its high half
    Random noise;

    bool noise_on() const { return noisy; }

    World(const Scenario &s, std::vector<Step> opening, void (*reload)(uint32_t, std::vector<Step> &))
        : noise(s.noise), noisy(s.noise), settle(s.settle), per_state(s.per_state), program(std::move(opening)) {
        for (uint32_t n = 0; n < s.count; n++) {
            const Step &step = s.steps[n];
            if (step.kind >= PROCESSOR_KINDS) {
                if (step.kind < KINDS) wires.push_back(step);
                continue;
            }
            program.push_back(step);
            if (step.kind != RELOAD) continue;
            const size_t from = program.size();
            reload(step.count, program);
            program[from - 1].port = uint16_t(program.size() - from);
        }
        if (!wires.empty()) delay = wires[0].gap;
    }

    void clock(const Seen &seen) {
        const uint32_t place = clocks++ % per_state;
        fall = place == per_state - 1, rise = per_state == 1 || place == per_state / 2 - 1;
        age = seen.hrq && hlda ? age + 1 : 0;
        const bool late = age > SERVICE_LIMIT * int(per_state);
        const bool mine = !(hlda || seen.driving || (seen.hrq && !(noisy && noise.bits() & 1)));
        // A card that is there for a second clock still asks: the chip has looked at its request.
        lent = hlda && seen.lent ? lent + 1 : 0;
        processor(mine, !mine && lent > 1 && !loading && (!noisy || noise.bits() & 1));
        arbiter(seen);
        const uint16_t before = lines;
        const bool dropped = drop;
        wire();
        if (late && !(age & 7) && !card) lines ^= noise.bits() & 0xFF;
        if (late && age & 1) eop_n = 0;
        lines_still = lines == before ? lines_still + 1 : 0;
        still = seen.cascaded && lines == before && !dropped && !drop && hlda;
    }

  private:
    bool noisy;
    uint32_t settle, per_state, clocks = 0;
    std::vector<Step> program, wires;
    size_t at = 0, wire_at = 0;
    int delay = 0, not_ready = 0, stopping = 0, age = 0, lent = 0;
    bool drop = false;
    // The processor.
    enum Phase { NEXT, SETUP, STROBE, HOLD, GAP, RESETTING } phase = NEXT;
    int left = 0, settling = 0, loading = 0;  // steps left that load the chips again: a card reaches not all of them
    bool reading = false;
    uint8_t strobe = 1, gap = 0;
    // The arbiter.
    int grant_late = 0, release_late = 0, wait = 0;

    // What is next of the program is the processor's to do, or a card's that has the bus.
    void processor(bool may_start, bool card_may) {
        reset = 0, ior_n = iow_n = 1, busy = false;
        if (phase != STROBE && phase != HOLD) card = false;
        if (phase == NEXT) fetch();
        switch (phase) {
            case SETUP:
                if (!may_start && !card_may) break;
                busy = true, card = card_may, phase = STROBE, left = strobe;
                break;
            case STROBE:
                busy = true;
                (reading ? ior_n : iow_n) = 0;
                if (!--left) phase = HOLD;
                break;
            case HOLD:
                busy = true;
                // The recovery's last clock may be the next access's set-up: one clock here and that one make two.
                left = gap, phase = left ? GAP : NEXT;
                break;
            case GAP:
                if (--left <= 0) phase = NEXT;
                break;
            case RESETTING:
                if (!at_once && !may_start) break;
                at_once = true, reset = 1;
                if (!--left) left = 2, phase = GAP;
                break;
            case NEXT: break;
        }
        settling = busy ? int(settle) + 1 : settling ? settling - 1 : 0;
        low = ior_n ? 0 : low + 1;
    }

    bool at_once = false;

    void fetch() {
        if (at == program.size()) {
            done = true;
            return;
        }
        const Step &s = program[at++];
        if (s.kind == RELOAD) loading = s.port + 1;
        else if (loading) loading--;
        switch (s.kind) {
            case OUT:
            case IN:
                port = s.port, data = s.data, reading = s.kind == IN;
                strobe = s.length ? s.length : 1, gap = s.gap, phase = SETUP;
                break;
            case IDLE: left = s.count ? s.count : 1, phase = GAP; break;
            case RESET:
            case RELOAD: left = s.length ? s.length : 1, at_once = s.kind == RELOAD, phase = RESETTING; break;
            default: break;
        }
    }

    void arbiter(const Seen &seen) {
        if (hlda) {
            if (drop && seen.cascaded) hlda = 0, wait = grant_late;
            else if (seen.hrq) wait = release_late;
            else if (wait == 0) hlda = 0, wait = grant_late;
            else wait--;
            drop = false;
        } else if (!seen.hrq) {
            wait = grant_late;
        } else if (!settling) {
            if (wait == 0) hlda = 1, wait = release_late;
            else wait--;
        }
    }

    void wire() {
        while (wire_at < wires.size() && delay == 0) {
            if (card && wires[wire_at].kind == LINES) break;  // it keeps its request until its access is over
            const Step &s = wires[wire_at++];
            switch (s.kind) {
                case LINES: lines = s.port; break;
                case BUSY: not_ready = s.count; break;
                case STOP: stopping = s.count; break;
                case GRANT: grant_late = s.length, release_late = s.data; break;
                case DROP: drop = true; break;
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
