// The chips around the 8237As that software asks all the time: 8259As, timer, system control port, as the boards wire
// them. Python's models of them are machine/interrupt_controllers.py and devices/timer.
#pragma once
#include "harness.h"
#include "layout.h"

namespace {

using isadma::moment;
using isadma::NEVER;
using isadma::taken_level;

// Ref: IBM PC AT Technical Reference (1502494), system interrupts, system timer, port 61h; IBM PC/XT, the same.
constexpr int CASCADE = 2;
constexpr uint32_t GATE_2 = 0x01, AT_WRITTEN = 0x0F, REFRESH_DETECT = 0x10, OUT_2 = 0x20;
constexpr uint32_t CONTROL_WORD = 3, READ_BACK = 3, READ_BACK_NO_COUNT = 0x20, READ_BACK_NO_STATUS = 0x10;
constexpr uint32_t PORT_61 = 1, PORT_62 = 2;  // what an 8255 sees of them

struct Chipset {
    isadma_state &state;
    isadma_chips &chips;

    explicit Chipset(isadma_state &state) : state(state), chips(state.chips) {
        chips = isadma_chips{};
        chips.due = NEVER;
        chips.changes[0] = chips.changes[1] = NEVER;
        chips.clocks = chips.pulses = 1;
        for (isadma::pic &pic : chips.pics) {
            pic.lowest = 7;
            pic.waits = isadma::WAITS_ICW1;
        }
        for (isadma::counter &counter : chips.counters) {
            counter.word = isadma::ACCESS_BOTH << 4;
            counter.modulus = isadma::BINARY;
            counter.null = 1;
            counter.first = counter.status = -1;
        }
    }

    isadma::pic &master() { return chips.pics[0]; }
    isadma::pic &slave() { return chips.pics[1]; }
    isadma::counter &counter(uint32_t number) { return chips.counters[number]; }

    // ------------------------------------------------------------------ interrupts
    // Whether INTR is high, and the loop is to come back for that.
    bool interrupts() const { return state.watch_int && chips.pics[0].int_out; }

    void int_changed(bool changed) {
        if (changed && master().int_out)
            chips.int_since = state.clocks;
    }

    void slave_changed() { int_changed(master().set_ir(CASCADE, slave().int_out)); }

    void set_irq(int irq, bool high) {
        if (irq < 8)
            int_changed(master().set_ir(irq, high));
        else if (slave().set_ir(irq & 7, high))
            slave_changed();
    }

    taken_level begin_inta(bool second) {
        isadma::pic &pic = second ? slave() : master();
        const bool was = pic.int_out;
        const taken_level taken = pic.begin_inta();
        if (second && was)
            slave_changed();
        return taken;
    }

    void end_inta(bool second, taken_level taken) {
        const bool changed = (second ? slave() : master()).end_inta(taken);
        if (!second)
            int_changed(changed);
        else if (changed)
            slave_changed();
    }

    // Both INTA cycles: the IRQ, the vector from bit 8 on, and bit 16 for a request that had gone.
    uint32_t acknowledge() {
        const taken_level level = begin_inta(false);
        if (chips.pair && level.genuine && master().has_slave(level.level)) {
            const bool answered = int(slave().icw3 & 7) == level.level;
            const taken_level inner = answered ? begin_inta(true) : taken_level{isadma::DEFAULT_LEVEL, false};
            const uint32_t vector = answered ? slave().vector_of(inner.level) : 0xFF;
            end_inta(false, level);
            if (answered)
                end_inta(true, inner);
            return uint32_t(8 + inner.level) | vector << 8 | uint32_t(!inner.genuine) << 16;
        }
        const uint32_t vector = master().vector_of(level.level);
        end_inta(false, level);
        return uint32_t(level.level) | vector << 8 | uint32_t(!level.genuine) << 16;
    }

    bool second(uint32_t port) const { return chips.pair && (port & 0x80); }

    uint32_t pic_read(uint32_t port) {
        isadma::pic &pic = second(port) ? slave() : master();
        if (pic.poll) {
            pic.poll = 0;
            const taken_level taken = begin_inta(second(port));
            end_inta(second(port), taken);
            return taken.genuine ? 0x80 | uint32_t(taken.level) : 0;
        }
        return port & 1 ? pic.imr : pic.read_isr ? pic.isr : pic.requests();
    }

    void pic_write(uint32_t port, uint32_t value) {
        isadma::pic &pic = second(port) ? slave() : master();
        pic.write(port & 1, value);
        const bool changed = pic.update();
        if (!second(port))
            int_changed(changed);
        else if (changed)
            slave_changed();
    }

    // ------------------------------------------------------------------ the timer
    // CLK falls at whole pulses, and rises halfway between.
    moment now() const {
        const auto clocks = static_cast<unsigned __int128>(chips.clocks);
        const auto passed = static_cast<unsigned __int128>(state.clocks) * chips.pulses;
        if (passed >> 62 == 0 && chips.clocks >> 60 == 0) {
            const uint64_t small = uint64_t(passed), per = chips.clocks, done = small / per;
            return {int64_t(done), int64_t(done + 1 + (2 * (small - done * per) > per))};
        }
        const auto done = passed / clocks;
        return {int64_t(done), int64_t(done + 1 + (2 * (passed - done * clocks) > clocks))};
    }

    uint32_t timer_read(uint32_t port) {
        const uint32_t address = port & 3;
        return address == CONTROL_WORD ? 0xFF : counter(address).read(now());
    }

    void timer_write(uint32_t port, uint32_t value) {
        const moment time = now();
        const uint32_t address = port & 3, select = value >> 6;
        if (address != CONTROL_WORD) {
            counter(address).write(value, time);
        } else if (select == READ_BACK) {
            for (uint32_t number = 0; number < 3 && chips.read_back; number++) {
                if (!(value >> (number + 1) & 1))
                    continue;
                if (!(value & READ_BACK_NO_COUNT))
                    counter(number).latch_count(time);
                if (!(value & READ_BACK_NO_STATUS))
                    counter(number).latch_status(time);
            }
        } else if ((value >> 4 & 3) == isadma::ACCESS_LATCH) {
            counter(select).latch_count(time);
        } else {
            counter(select).program(value, time);
        }
        update(true);
    }

    bool out(uint32_t number) {
        counter(number).advance(now().done);
        return counter(number).out;
    }

    uint64_t rises(uint32_t number) {
        counter(number).advance(now().done);
        return counter(number).rises;
    }

    // What OUT0 and OUT1 do to others.
    void show(uint32_t number, int64_t done) {
        isadma::counter &one = counter(number);
        one.advance(done);
        if (one.out != chips.shown[number]) {
            chips.shown[number] = one.out;
            if (number == 0)
                set_irq(0, one.out);
            else
                state.in = one.out ? state.in | IN_OUT1 : state.in & ~IN_OUT1;
        }
        chips.changes[number] = one.change();
    }

    void update(bool all_counters) {
        const int64_t done = now().done;
        if (all_counters || chips.changes[0] <= done)
            show(0, done);
        if (chips.out1 && (all_counters || chips.changes[1] <= done))
            show(1, done);
        order();
    }

    void order() {
        const int64_t pulse = chips.changes[0] < chips.changes[1] ? chips.changes[0] : chips.changes[1];
        if (pulse == NEVER) {
            chips.due = NEVER;
            return;
        }
        const auto clock = (static_cast<unsigned __int128>(pulse) * chips.clocks + chips.pulses - 1) / chips.pulses;
        chips.due = clock < static_cast<unsigned __int128>(NEVER) ? uint64_t(clock) : uint64_t(NEVER);
    }

    // ------------------------------------------------------------------ the system control port
    uint64_t refreshes() { return chips.counts_cycles ? state.refreshes + state.more_refreshes : rises(1); }

    uint32_t control_read(uint32_t port) {
        const uint32_t out2 = out(2) ? OUT_2 : 0;
        if (!chips.xt)
            return (chips.written & AT_WRITTEN) | (refreshes() & 1 ? REFRESH_DETECT : 0) | out2;
        return (port & 3) == PORT_62 ? out2 : chips.written;
    }

    void control_write(uint32_t port, uint32_t value) {
        if ((port & 3) != PORT_61)
            return;
        chips.written = value;
        counter(2).set_gate(value & GATE_2, now());
    }

    // ------------------------------------------------------------------ ports
    uint32_t read(uint32_t kind, uint32_t port) {
        switch (kind & ISADMA_CHIP) {
        case ISADMA_PICS:
            return pic_read(port);
        case ISADMA_TIMER:
            return timer_read(port);
        default:
            return control_read(port);
        }
    }

    void write(uint32_t kind, uint32_t port, uint32_t value) {
        switch (kind & ISADMA_CHIP) {
        case ISADMA_PICS:
            return pic_write(port, value);
        case ISADMA_TIMER:
            return timer_write(port, value);
        default:
            return control_write(port, value);
        }
    }
};

}  // namespace
