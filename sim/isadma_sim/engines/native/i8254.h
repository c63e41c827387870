// A counter of the 8254 in C++; devices/timer/counter.py is the model that it is compared with.
#pragma once
#include <cstdint>

namespace isadma {

// Ref: Intel 8254 data sheet, order no. 231164-005, "Mode Definitions", "Read Operations".
enum mode_8254 : uint32_t { TERMINAL_COUNT, ONE_SHOT, RATE, SQUARE, SOFTWARE_STROBE, HARDWARE_STROBE };
enum access_8254 : uint32_t { ACCESS_LATCH, ACCESS_LOW, ACCESS_HIGH, ACCESS_BOTH };

constexpr uint32_t BINARY = 0x10000, DECIMAL = 10000;
constexpr uint32_t CONTROL_BCD = 1, PROGRAMMED = 0x3F, STATUS_NULL = 0x40, STATUS_OUT = 0x80;
// Bits of `sample`: what the pulse under way saw at its rising edge.
constexpr uint32_t SAW_GATE = 1, SAW_TRIGGER = 2, SAW_LOAD = 4;
// Later than any clock or pulse: `NEVER` in machine/schedule.py.
constexpr int64_t NEVER = int64_t(1) << 62;

// A time in CLK pulses: those whose falling edge has been, and the first whose rising edge is yet to come.
struct moment {
    int64_t done, next;
};

// One counter; the fields are Python's too (chips.py), and called as in its model.
struct counter {
    uint32_t out, gate;
    uint32_t word, mode, modulus;
    uint32_t written_count, loaded, element;  // CR; what CE started from; CE
    uint32_t null, written, counting, armed, held, trigger, load;
    uint32_t sampled, sample;                 // whether the pulse under way has had its rising edge, and what it saw
    int32_t first;                            // the low byte that waits, -1 for none
    uint32_t high_next;
    uint32_t latched, latch[2];               // bytes still to be read
    int32_t status;                           // latched, -1 for none
    int64_t at;                               // pulses gone through
    uint64_t rises;

    bool periodic() const { return mode == RATE || mode == SQUARE; }
    bool strobes() const { return mode == SOFTWARE_STROBE || mode == HARDWARE_STROBE; }
    bool gated() const { return periodic() || mode == TERMINAL_COUNT || mode == SOFTWARE_STROBE; }
    bool triggered() const { return periodic() || mode == ONE_SHOT || mode == HARDWARE_STROBE; }
    bool runs(bool level) const { return counting && !held && (level || !gated()); }
    uint32_t access() const { return word >> 4 & 3; }

    void drive(bool level) {
        rises += level && !out;
        out = level;
    }

    // ------------------------------------------------------------------ what the CPU does
    void program(uint32_t control, moment now) {
        advance(now.done);
        word = control & PROGRAMMED;
        mode = control >> 1 & 7;
        if (mode > HARDWARE_STROBE)
            mode &= 3;
        modulus = control & CONTROL_BCD ? DECIMAL : BINARY;
        drive(mode != TERMINAL_COUNT);
        null = 1;
        written = counting = held = trigger = load = 0;
        sampled = 0;
        first = status = -1;
        high_next = latched = 0;
    }

    void write(uint32_t value, moment now) {
        before(now);
        uint32_t count = value;
        if (access() == ACCESS_BOTH) {
            if (first < 0) {
                first = int32_t(value);
                if (mode == TERMINAL_COUNT)
                    stop(now);
                return;
            }
            count = value << 8 | uint32_t(first);
            first = -1;
        } else if (access() == ACCESS_HIGH) {
            count = value << 8;
        }
        written_count = modulus == BINARY ? count : from_bcd(count);
        null = 1;
        if (mode == TERMINAL_COUNT)
            stop(now);
        const bool new_one = !written;
        written = 1;
        load = load || mode == TERMINAL_COUNT || mode == SOFTWARE_STROBE || (new_one && periodic());
    }

    void stop(moment now) {
        drive(false);
        held = 1;
        if (now.next > now.done + 1) {
            sampled = 1;
            sample = 0;
        }
    }

    uint32_t read(moment now) {
        if (status >= 0) {
            const uint32_t kept = uint32_t(status);
            status = -1;
            return kept;
        }
        if (latched) {
            const uint32_t kept = latch[0];
            latch[0] = latch[1];
            latched--;
            return kept;
        }
        const uint32_t count = count_at(now);
        if (access() == ACCESS_BOTH) {
            high_next = !high_next;
            return high_next ? count & 0xFF : count >> 8;
        }
        return access() == ACCESS_HIGH ? count >> 8 : count & 0xFF;
    }

    void latch_count(moment now) {
        if (latched)
            return;
        const uint32_t count = count_at(now), low = count & 0xFF, high = count >> 8;
        if (access() == ACCESS_BOTH) {
            latch[0] = high_next ? high : low;
            latch[1] = high_next ? low : high;
            latched = 2;
        } else {
            latch[0] = access() == ACCESS_HIGH ? high : low;
            latched = 1;
        }
    }

    void latch_status(moment now) {
        advance(now.done);
        if (status < 0)
            status = int32_t(word | (out ? STATUS_OUT : 0) | (null ? STATUS_NULL : 0));
    }

    uint32_t count_at(moment now) {
        advance(now.done);
        return modulus == BINARY ? element & 0xFFFF : to_bcd(element);
    }

    static uint32_t from_bcd(uint32_t count) {
        return ((count & 0xF) + (count >> 4 & 0xF) * 10 + (count >> 8 & 0xF) * 100 + (count >> 12) * 1000) % DECIMAL;
    }
    static uint32_t to_bcd(uint32_t value) {
        return value % 10 | value / 10 % 10 << 4 | value / 100 % 10 << 8 | value / 1000 << 12;
    }

    // ------------------------------------------------------------------ pins
    void set_gate(bool level, moment now) {
        before(now);
        if (level && !gate && written && triggered())
            trigger = 1;
        gate = level;
        if (!level && periodic())
            drive(true);
    }

    // The pulse before which OUT cannot change by itself.
    int64_t change() const {
        if (sampled || trigger || load)
            return at + 1;
        const int64_t pulses = runs(gate) ? pulses_to_event() : -1;
        return pulses < 0 ? NEVER : at + pulses;
    }

    // ------------------------------------------------------------------ pulses
    void before(moment now) {
        advance(now.done);
        if (now.next > now.done + 1 && !sampled) {
            sampled = 1;
            sample = (gate ? SAW_GATE : 0) | (trigger ? SAW_TRIGGER : 0) | (load ? SAW_LOAD : 0);
            trigger = load = 0;
        }
    }

    void advance(int64_t pulses) {
        while (at < pulses) {
            if (sampled || trigger || load) {
                pulse();
            } else if (!runs(gate)) {
                at = pulses;
            } else {
                if (periodic() && written_count == loaded) {
                    const int64_t period = loaded ? loaded : modulus;
                    const int64_t skipped = (pulses - at) / period;
                    at += skipped * period;
                    rises += period > 1 ? uint64_t(skipped) : 0;
                }
                const int64_t event = pulses_to_event();
                if (event < 0 || at + event > pulses) {
                    count_down(pulses - at);
                } else {
                    count_down(event - 1);
                    pulse();
                }
            }
        }
    }

    void count_down(int64_t pulses) {
        at += pulses;
        if (!periodic() || loaded != 1)
            subtract(pulses % int64_t(modulus) * (mode == SQUARE ? 2 : 1));
    }

    void subtract(int64_t much) {
        int64_t left = (int64_t(element) - much) % int64_t(modulus);
        element = uint32_t(left < 0 ? left + modulus : left);
    }

    int64_t pulses_to_event() const {
        const int64_t left = element ? element : modulus;
        if (periodic()) {
            if (loaded == 1)
                return null ? 1 : -1;
            if (mode == RATE)
                return left > 2 ? left - 1 : 1;
            if ((loaded & 1) && out)
                return element / 2 + 1;
            return left / 2;
        }
        if (strobes() && !out)
            return 1;
        return armed ? left : -1;
    }

    void pulse() {
        at++;
        uint32_t saw = (gate ? SAW_GATE : 0) | (trigger ? SAW_TRIGGER : 0) | (load ? SAW_LOAD : 0);
        if (sampled) {
            saw = sample;
            sampled = 0;
        } else {
            trigger = load = 0;
        }
        if (saw & (SAW_TRIGGER | SAW_LOAD))
            start();
        else if (runs(saw & SAW_GATE))
            step();
    }

    void start() {
        reload();
        counting = armed = 1;
        held = 0;
        if (mode != TERMINAL_COUNT)
            drive(mode != ONE_SHOT);
    }

    void reload() {
        loaded = written_count;
        element = mode == SQUARE && (loaded & 1) ? loaded - 1 : loaded;
        null = load;
    }

    void step() {
        if (periodic() && loaded == 1) {
            if (null)
                reload();
        } else if (mode == RATE) {
            if (element == 1) {
                reload();
                drive(true);
            } else {
                subtract(1);
                drive(element != 1 || !gate);
            }
        } else if (mode == SQUARE) {
            if (element == ((loaded & 1) && out ? 0u : 2u)) {
                reload();
                drive(!(out && gate));
            } else {
                subtract(2);
            }
        } else {
            subtract(1);
            if (!element && armed) {
                armed = 0;
                drive(!strobes());
            } else if (strobes()) {
                drive(true);
            }
        }
    }
};

}  // namespace
