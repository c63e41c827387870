// The surroundings of the part in its socket, fabric clock by fabric clock: CLK of any shape, and lines that move when the
// data sheet lets them, with as little set-up and hold as the guide's page of the socket asks for.
// Ref: Intel 8237A data sheet, order no. 231466-005, pages 13 to 15; the guide, "The part in its socket", "What counts when".
#pragma once
#include <algorithm>
#include <vector>
#include "steps.h"

namespace fuzz {

struct SocketSeen {
    bool hrq, driving, cascaded;
};

// A line's moves that the coverage tells apart.
enum Line : uint8_t { REQUESTS, HLDA_RISES, HLDA_FALLS, READY_MOVES, EOP_MOVES, ACCESS_ENDS, LINES_OF_PART };

// CLK: how long each half lasts, drawn two halves ahead, so that others can aim at its edges.
class PartClock {
  public:
    bool level = false, rise = false, fall = false;
    int since_rise = 99, since_fall = 99;  // clocks since the one that ended with that edge
    int until_rise = 0, until_fall = 0;    // clocks until the one that ends with it; 0: this one

    // Of its own noise, so that nothing else shifts it.
    void draw(uint32_t seed) {
        Random &r = noise = Random(seed);
        if (seed) low = 4 + r.below(9), high = 4 + r.below(9), jitter = r.one_in(2) ? 1 + r.below(4) : 0;
        left = length(false), next = length(true);
    }
    int period() const { return low + high + jitter; }
    void clock() {
        since_rise = rise ? 1 : since_rise + 1, since_fall = fall ? 1 : since_fall + 1;
        if (!left) level = !level, left = next, next = length(!level);
        left--;
        rise = !level && !left, fall = level && !left;
        (level ? until_fall : until_rise) = left;
        (level ? until_rise : until_fall) = left + next;
    }

  private:
    Random noise{0};
    int low = 6, high = 6, jitter = 0, left = 0, next = 0;
    int length(bool of_high) { return (of_high ? high : low) + (jitter ? int(noise.below(jitter + 1)) : 0); }
};

class SocketWorld {
  public:
    uint8_t reset = 0, hlda = 0, ready = 1, eop_n = 1, ior_n = 1, iow_n = 1, data = 0;
    uint16_t lines = 0, port = 0;
    bool busy = false, done = false, rise = false, fall = false, wrote = false, skewed = false;
    int low = 0, read_over = 99, lines_still = 0, blind = RESTING;
    bool moved[LINES_OF_PART] = {};
    PartClock clk;
    Random noise, catching;  // what idle lines carry; which lines are caught a clock late

    bool noise_on() const { return noisy; }

    SocketWorld(const Scenario &s, std::vector<Step> opening, void (*reload)(uint32_t, std::vector<Step> &))
        : noise(s.noise), catching(s.noise ^ 0x5A5A5A5A), noisy(s.noise), program(std::move(opening)) {
        for (uint32_t n = 0; n < s.count; n++) {
            const Step &step = s.steps[n];
            if (step.kind >= PROCESSOR_KINDS) {
                if (step.kind < KINDS) wires.push_back(step);
                continue;
            }
            program.push_back(step);
            if (step.kind == RELOAD) reload(step.count, program);
        }
        clk.draw(s.noise);
        skewed = noisy && catching.below(4);
        if (!wires.empty()) delay = wires[0].gap;
    }

    void clock(const SocketSeen &seen) {
        clk.clock();
        rise = clk.rise, fall = clk.fall;
        std::fill(moved, moved + LINES_OF_PART, false);
        hrq_low = seen.hrq ? 0 : hrq_low + 1;
        bus_free = hlda || seen.driving ? 0 : bus_free + 1;
        age = seen.hrq && hlda ? age + 1 : 0;
        processor(bus_free > RECOVERY && (!seen.hrq || (noisy && noise.bits() & 1)));
        arbiter(seen);
        const uint16_t before = lines;
        wire();
        lines_still = lines == before ? lines_still + 1 : 0;
        blind = reset ? RESTING : blind ? blind - 1 : 0;
    }

    // TAW, TCW, TDW: what is written, its address and CS# stand for some clocks before IOW# rises, and may be anything when
    // it falls.
    bool unsettled() const { return noisy && !iow_n && left > DATA_STANDS; }

    // DB in memory-to-memory is taken as CLK rises.
    bool data_may_move() const { return clk.since_rise > 2; }

  private:
    static constexpr int SCALE = 8;         // fabric clocks that a clock of a step's stands for, but of its gap
    static constexpr int SERVICE_CLK = 150; // periods of CLK of one service after which its surroundings try to end it
    static constexpr int RECOVERY = 9;      // from an access, or the bus's return, to the next access
    static constexpr int RESTING = 14;      // after RESET
    static constexpr int DATA_STANDS = 2;   // clocks that are left of IOW# when all of it has come
    bool noisy;
    std::vector<Step> program, wires;
    size_t at = 0, wire_at = 0;
    int delay = 0, not_ready = 0, stopping = 0, age = 0, hrq_low = 0, bus_free = 0;
    bool drop = false, at_once = false, reading = false;
    enum Phase { NEXT, SETUP, STROBE, HOLD, GAP, RESETTING } phase = NEXT;
    int left = 0, settling = 0, strobe = 1, gap = 0;
    int grant_late = 0, release_late = 0, wait = 0;

    // DREQ needs no set-up time; HLDA, READY and EOP# little, and all of them some hold.
    bool may(Line line) const {
        switch (line) {
            case REQUESTS: return clk.since_fall > 3;
            case HLDA_RISES:
            case HLDA_FALLS: return clk.since_rise > 2 && clk.since_fall > 3;
            case READY_MOVES: return clk.until_fall && clk.since_fall > 1;
            case EOP_MOVES: return clk.since_fall > 2;
            // What comes first, a write's end or an edge of CLK, is a matter of luck when they are that close.
            case ACCESS_ENDS: return clk.until_fall > 1 && clk.until_rise > 2;
            default: return true;
        }
    }
    void move(Line line, uint8_t &level, bool to) {
        if (level == to || !may(line)) return;
        level = to, moved[line] = true;
    }

    void processor(bool may_start) {
        reset = 0, busy = wrote = false;
        ior_n = iow_n = 1;
        if (phase == NEXT) fetch();
        switch (phase) {
            case SETUP:
                if (left == 2 && !may_start) break;
                busy = true;
                if (!--left) phase = STROBE, left = strobe;
                break;
            case STROBE:
                busy = true;
                if (left <= 0 && may(ACCESS_ENDS)) {
                    phase = HOLD, left = 2, moved[ACCESS_ENDS] = wrote = true;
                    break;
                }
                (reading ? ior_n : iow_n) = 0;
                left--;
                break;
            case HOLD:
                busy = true;
                if (!--left) phase = GAP, left = gap;
                break;
            case GAP:
                if (--left <= 0) phase = NEXT;
                break;
            case RESETTING:
                if (!at_once && !may_start) break;
                at_once = true, reset = 1;
                if (!--left) left = 2 * RESTING, phase = GAP;
                break;
            case NEXT: break;
        }
        settling = busy ? RECOVERY : settling ? settling - 1 : 0;
        read_over = ior_n ? low ? 1 : read_over + 1 : 0;
        low = ior_n ? 0 : low + 1;
    }

    void fetch() {
        if (at == program.size()) {
            done = true;
            return;
        }
        const Step &s = program[at++];
        switch (s.kind) {
            case OUT:
            case IN:
                port = s.port, data = s.data, reading = s.kind == IN;
                strobe = (reading ? 8 : 4) + s.length, gap = RECOVERY + s.gap, phase = SETUP, left = 2;
                break;
            case IDLE: left = SCALE * (s.count ? s.count : 1), phase = GAP; break;
            case RESET:
            case RELOAD: left = 2 * clk.period() + s.length, at_once = s.kind == RELOAD, phase = RESETTING; break;
            default: break;
        }
    }

    void arbiter(const SocketSeen &seen) {
        if (hlda) {
            const bool taken = drop && seen.cascaded;
            if (!taken && seen.hrq) wait = release_late;
            else if (taken || (hrq_low > RECOVERY && wait-- <= 0)) move(HLDA_FALLS, hlda, false);
            if (!hlda) wait = grant_late, drop = false;
            else if (!taken) drop = false;
        } else if (!seen.hrq) {
            wait = grant_late;
        } else if (!settling && wait-- <= 0) {
            move(HLDA_RISES, hlda, true);
            if (hlda) wait = release_late;
        }
    }

    void wire() {
        while (wire_at < wires.size() && delay == 0) {
            const Step &s = wires[wire_at];
            if (s.kind == LINES && lines != s.port && !may(REQUESTS)) break;
            switch (s.kind) {
                case LINES: moved[REQUESTS] = lines != s.port, lines = s.port; break;
                case BUSY: not_ready = SCALE * s.count; break;
                case STOP: stopping = SCALE * s.count; break;
                case GRANT: grant_late = 4 * s.length, release_late = 4 * s.data; break;
                case DROP: drop = true; break;
                default: break;
            }
            if (++wire_at < wires.size()) delay = wires[wire_at].gap;
        }
        if (delay) delay--;
        const bool late = age > SERVICE_CLK * clk.period();
        if (late && !(age & 31) && may(REQUESTS)) lines ^= noise.bits() & 0xF;
        move(READY_MOVES, ready, !not_ready);
        move(EOP_MOVES, eop_n, !stopping && !(late && age >> 4 & 1));
        if (not_ready) not_ready--;
        if (stopping) stopping--;
    }
};

}  // namespace fuzz
