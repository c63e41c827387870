// The per-clock loop around the compiled board: engines/busloop.py, in C++.
//
// Python is entered for a device's data, for DACK# and TC, and for events; never for a clock.
#include "record.h"
#include "waves.h"  // and below it mastering.h, cycles.h, devices.h, chipset.h and harness.h
#include "board.cc"  // the board, written by CXXRTL
#include "parts.h"  // the board's parts by name, and its copies for special situations, written by parts.py

#if !defined(ISADMA_PART) || ISADMA_PART == 0  // the other parts are those copies (cpplibrary.py)
namespace {

// Clocks between two looks at the keyboard: some tens of milliseconds.
constexpr uint64_t SLICE = 1 << 18;

struct Machine : Mastering {
    cxxrtl_design::p_board board;
    uint64_t driven = ~uint64_t(0);  // what the board's input pins carry

    using Mastering::Mastering;

    // ------------------------------------------------------------------ the board
    // One evaluation serves a whole clock: it leaves this clock's outputs in place and the registers' next values
    // pending, and `edge` commits those. build.py refuses a board with feedback, which would need more of them.
    void evaluate(uint64_t in) {
        if (in != driven) {
            driven = in;
            board.p_inputs.set<uint64_t>(in);
        }
        evaluate_board(board, in);
    }

    uint64_t drive(uint64_t in) {
        take_back(board);
        evaluate(in);
        return board.p_outputs.get<uint64_t>();
    }

    void edge(uint64_t in) {
        if (in != driven) {
            take_back(board);
            evaluate(in);
        }
        commit_board(board);
    }

    // ------------------------------------------------------------------ waveforms and recordings
    isadma_dump *dump = nullptr;

    __attribute__((noinline)) void show_clock(uint64_t in, uint64_t out) {
        const uint64_t probes = board.p_probes.get<uint64_t>();
        Dump{*dump, state.chips}.clock(state.clocks, in, out, [&](const isadma_probe &probe) {
            if (probe.word >= 0)
                return uint64_t(register_of(board, int(probe.chip), probe.word));
            return probes >> probe.low & ((uint64_t(1) << probe.width) - 1);
        });
    }

    Recording recording;

    void note(uint64_t in, uint64_t out) {
        if (recording.on) {
            recording.note(state.clocks, in, out, state.chips);
            state.noted = recording.rows.size();
        }
    }

    // Nothing happens up to that clock.
    void jump(uint64_t clock) {
        note(state.in, state.out);
        if (dump)
            Dump{*dump, state.chips}.idle(state.clocks, clock);
        state.clocks = clock;
    }

    // ------------------------------------------------------------------ time
    // Whether this clock was not begun, because Python must be called in it and has not taken the turn.
    bool cut = false;

    bool broke() const { return cut || state.failed; }

    // Leaves a clock that Python must be called in as if it had not been begun; out of the way of those that are.
    __attribute__((noinline, cold)) bool cut_short(uint64_t out) {
        cut = asks_python(state.out, out);
        if (cut)
            take_back(board);
        return cut;
    }

    // `look` asks for more, as `at_rest`: whether the board would go on like this for ever, with these inputs.
    bool at_rest = false;

    template <bool look = false>
    void step() {
        if (state.clocks >= state.chips.due)
            chipset.update(false);
        if (state.clocks >= state.due) {
            if ((cut = !state.taken))
                return;
            call(ISADMA_DUE);
            if (state.failed)
                return;
        }
        if (state.burst.data) {
            if ((cut = !state.taken))
                return;
            master();
            if (state.failed)
                return;
        }
        evaluate(state.in);
        const uint64_t out = board.p_outputs.get<uint64_t>();
        if (out != state.out) {
            if (!state.taken && cut_short(out))
                return;
            state.quiet = -1;
            update(state.out, out);
        }
        const uint64_t in = state.in;
        if (dump)
            show_clock(in, out);
        note(in, out);
        if (look)
            at_rest = !((in & IN_HLDA) | (out & OUT_HRQ)) && in == driven && in == state.shown && out == state.out &&
                      stands_still(board);
        edge(in);
        state.quiet = in == state.shown && !((in & IN_HLDA) || (out & OUT_HRQ)) ? state.quiet + 1 : 0;
        state.shown = in;
        state.out = out;
        state.clocks++;
        state.stepped++;
        account(in, out);
        if ((out & OUT_HRQ) && !state.cpu) {
            if (++state.held >= state.hlda_delay)
                state.in |= IN_HLDA;
        } else if (!(out & OUT_HRQ)) {
            state.held = 0;
            state.in &= ~IN_HLDA;
        }
    }

    // The clock up to which nothing happens on a bus that stands still.
    uint64_t next_clock(uint64_t end) const {
        const uint64_t due = state.due < state.chips.due ? state.due : state.chips.due;
        return end < due ? end : due;
    }

    // Clocks of a board that is known to stand still go by; they count as if each had been made.
    void rest(uint64_t clocks) {
        note(state.in, state.out);
        const uint64_t left = uint64_t(SETTLE_CLOCKS - state.quiet), made = clocks < left ? clocks : left;
        state.quiet += int64_t(made);
        state.stepped += made;
        state.clocks += clocks;
        at_rest = clocks < left;
    }

    int32_t run(uint64_t end) {
        uint64_t slice = SLICE;
        cut = at_rest = false;
        if (state.access && !finish())
            return state.failed ? ISADMA_STOPPED : ISADMA_CUT;
        while (state.clocks < end) {
            if (state.clocks >= state.chips.due)
                chipset.update(false);
            if (state.clocks >= state.due) {
                if (!state.taken)
                    return ISADMA_CUT;
                call(ISADMA_DUE);
                if (state.failed)
                    return ISADMA_STOPPED;
            }
            if (state.stop || chipset.interrupts())
                return ISADMA_STOPPED;
            if (state.hit || !slice || recording.full())
                return ISADMA_PAUSED;
            if (state.quiet >= SETTLE_CLOCKS && state.in == state.shown && state.skip_idle) {
                jump(next_clock(end));
            } else if (at_rest && !dump && state.quiet > 0 && state.in == state.shown && state.skip_idle && !state.burst.data) {
                rest(next_clock(end) - state.clocks);
            } else {
                step<true>();
                slice--;
            }
            if (broke())
                return state.failed ? ISADMA_STOPPED : ISADMA_CUT;
        }
        return ISADMA_REACHED;
    }

    // ------------------------------------------------------------------ the CPU's cycles
    // The access at hand: the part it is in is `state.access`, and so many clocks of that are left.
    uint64_t give_up = 0;  // the clock at which the CPU waits no longer for the bus
    uint64_t strobe = 0;  // the pin that the board sees go low; 0 where it sees none
    uint32_t value = 0;   // what the CPU reads or writes
    uint32_t port = 0;
    uint32_t kind = 0;    // who takes part: `isadma_kind`
    bool reads = false;
    int left = 0;
    uint32_t failure = 0;  // a callback had failed before the bus was let go

    int32_t acquire() {
        while ((state.in & IN_HLDA) || (state.out & OUT_HRQ)) {
            if (state.clocks >= give_up)
                return ISADMA_TIMED_OUT;
            if (state.hit || recording.full())
                return ISADMA_PAUSED;
            step();
            if (broke())
                return state.failed ? ISADMA_STOPPED : ISADMA_PAUSED;
        }
        return ISADMA_REACHED;
    }

    // One whole port cycle; where a device claims it, the turn is taken. Returns the byte read, or -1 - reason: where it paused, nothing was
    // begun and the same call again goes on; where it was cut short, `finish` does.
    int32_t access(uint32_t at, int32_t written, uint32_t parts) {
        cut = false;
        if (state.access && !finish())
            return -1 - (state.failed ? ISADMA_STOPPED : ISADMA_PAUSED);
        const int32_t reason = acquire();
        if (reason != ISADMA_REACHED)
            return -1 - reason;
        port = at;
        reads = written < 0;
        kind = parts;
        value = reads ? FLOATING : uint32_t(written);
        strobe = kind & ISADMA_HIDDEN ? 0 : reads ? IN_IOR_N : IN_IOW_N;
        failure = 0;
        state.cpu = 1;
        state.in = (state.in & ~IN_A & ~IN_D) | uint64_t(port) << IN_A_LOW | uint64_t(value * 0x101) << IN_D_LOW;
        begin_part(ADDRESS, SETUP_CLOCKS);
        finish();
        return read_value();
    }

    int32_t read_value() const {
        return broke() ? -1 - (state.failed ? ISADMA_STOPPED : ISADMA_CUT) : int32_t(value);
    }

    enum part : uint32_t { NONE, ADDRESS, STROBE, HOLD, RECOVERY };

    void begin_part(part part, int clocks) {
        state.access = part;
        left = clocks;
    }

    // Goes on with the access at hand; false when it was cut short again, or a callback failed.
    bool finish() {
        cut = false;
        while (state.access != NONE) {
            for (; left; left--) {
                step();
                if (cut)
                    return false;
                if (state.failed) {  // the bus is let go all the same, as in busloop.py
                    left = 0;
                    break;
                }
            }
            switch (state.access) {
            case ADDRESS:
                if (reads && (kind & (ISADMA_CLAIMED | ISADMA_CHIP)) && !state.failed) {
                    const uint32_t given =
                        kind & ISADMA_CLAIMED ? uint32_t(call(ISADMA_IO_READ, int32_t(port))) : chipset.read(kind, port);
                    if (!state.failed) {
                        value = given;
                        state.in = (state.in & ~IN_D) | uint64_t(value * 0x101) << IN_D_LOW;
                    }
                }
                if (!state.failed) {
                    state.in &= ~strobe;
                    begin_part(STROBE, STROBE_CLOCKS);
                    break;
                }
                [[fallthrough]];
            case STROBE:
                if (!state.failed && reads && (state.out & OUT_D_OE))
                    value = state.out >> OUT_D_LOW & 0xFF;
                if (!state.failed && !reads && (kind & ISADMA_CLAIMED))
                    call(ISADMA_IO_WRITE, int32_t(port), int32_t(value));
                else if (!state.failed && !reads && (kind & ISADMA_CHIP))
                    chipset.write(kind, port, value);
                failure = state.failed;
                state.failed = 0;
                state.in |= IN_IOR_N | IN_IOW_N;
                begin_part(HOLD, HOLD_CLOCKS);
                break;
            case HOLD:
                state.cpu = 0;
                begin_part(state.failed ? NONE : RECOVERY, state.failed ? 0 : RECOVERY_CLOCKS);
                break;
            default:
                begin_part(NONE, 0);
            }
        }
        state.failed |= failure;
        failure = 0;
        if (!state.failed)
            state.accesses++;
        return !state.failed;
    }
};

}  // namespace

#ifdef ISADMA_EMBEDDED
#include "facts.h"
#include "abi.h"  // the calls of a C library: isadma_sim/embed
#else
#include "calls.h"
#endif
#endif
