// The 8237A, one call for each fabric clock: states, pins, and the CPU's accesses, to the half clock.
// Ref: Intel 8237A data sheet, order no. 231466-005, pages 4 to 7, figures 11 to 14; the project's clock contract.
#pragma once
#include "registers.h"

namespace golden {

enum State : uint8_t { SI, SI_LATCHED, S0, SC, S1, S2, S3, SW, S4, S11, S12, S13, SW1, S14, S21, S22, S23, SW2, S24, STATES };
static const char *const STATE_NAMES[STATES] = {"SI",  "SI",  "S0",  "SC", "S1",  "S2",  "S3",  "SW",  "S4", "S11",
                                                "S12", "S13", "SW", "S14", "S21", "S22", "S23", "SW", "S24"};

struct ChipIn {
    uint8_t reset = 0, cs_n = 1, ready = 1, hlda = 0, dreq = 0, ior_n = 1, iow_n = 1, eop_n = 1, db = 0, a = 0;
};

struct ChipOut {
    uint8_t hrq = 0, dack = 0xF, aen = 0, adstb = 0, ior_n = 1, iow_n = 1, memr_n = 1, memw_n = 1, strobes_oe = 0, eop_oe = 0,
            db = 0, db_oe = 0, a = 0, a_oe = 0;
};

struct Chip {
    Registers r;
    State state = SI;
    int served = 0, last = 3;
    ChipOut next_half;  // what the second half of this state shows
    ChipOut now;        // what this half shows, but for the data of a CPU's read

    // The pins of this fabric clock: a register read follows A0-A3 and DREQ at once.
    ChipOut outputs(const ChipIn &in) const {
        ChipOut out = now;
        if (reads(in)) out.db = r.read(in.a, in.dreq), out.db_oe = 1;
        return out;
    }
    bool reads(const ChipIn &in) const { return !(in.ior_n | in.cs_n | in.hlda | now.aen); }

    // The edge that ends this fabric clock: of CLK's rising half, of its falling half, or of both.
    void clock(const ChipIn &in, bool rise, bool fall) {
        if (in.reset) {
            r.clear();
            access = NONE;
            last = 3;
            idle();
            now = next_half;
            return;
        }
        if (rise) {
            grant = in.hlda;
            if (state == S14 && !fall) r.temporary = in.db;
            now = next_half;
        }
        if (fall) {
            const ChipOut before = now;
            const State left = state;
            end_state(in, rise);
            now = rise ? next_half : first_half(before, left);
        }
        if (access != NONE || !(in.cs_n | in.hlda | (in.ior_n & in.iow_n))) program(in);
    }

    // The access under way, and what has been sampled so far; coverage looks at these.
    enum Access : uint8_t { NONE, READING, WRITING } access = NONE;
    uint8_t access_a = 0, access_db = 0;
    bool grant = false, terminal = false, external = false, source_external = false, carried = false, released = false;

  private:

    // One strobe is one access, done at its trailing edge.
    void program(const ChipIn &in) {
        if (in.ior_n && in.iow_n) {
            const Access done = access;
            access = NONE;
            if (done == READING) {
                r.after_read(access_a);
                return;
            }
            r.write(access_a, access_db);
            if (access_a == 0xD) {
                last = 3;
                idle();
                now = next_half;
            } else if (access_a == 0x8) {
                now.dack = next_half.dack = r.dack_off();
            }
        } else if (!(in.cs_n | in.hlda)) {
            access = in.ior_n ? WRITING : READING;
            access_a = in.a;
            access_db = in.db;
        }
    }

    // AEN, DACK and a cascade's HRQ move where a state begins, and memory-to-memory's data goes with S24 (a choice: no
    // figure shows it); all other outputs move in the middle of a state.
    ChipOut first_half(ChipOut before, State left) const {
        before.dack = next_half.dack;
        before.aen |= next_half.aen;
        if (released) before.hrq = 0;
        if (left == S24) before.db_oe = 0;
        return before;
    }

    void idle() {
        next_half = ChipOut();
        next_half.dack = r.dack_off();
        state = SI;
    }

    void enter(State s) {
        Channel &c = r.channel[served];
        ChipOut &o = next_half;
        state = s;
        switch (s) {
            case SI_LATCHED: o.hrq = 1; break;
            case SC: o.dack = r.dack_off() ^ 1 << served; break;
            case S1:
                o.aen = o.strobes_oe = 1;
                address(c);
                break;
            case S2:
                terminal = c.count == 0;
                o.adstb = o.db_oe = 0;
                o.a = c.address & 0xFF;
                o.dack = r.dack_off() ^ 1 << served;
                if (c.type() == WRITE) o.ior_n = 0;
                if (c.type() == READ) o.memr_n = 0;
                if (r.early_write()) write_strobe(c);
                if (r.compressed()) o.eop_oe = terminal;
                break;
            case S3:
                write_strobe(c);
                o.eop_oe = terminal;
                break;
            case S4: {
                o.ior_n = o.iow_n = o.memr_n = o.memw_n = 1;
                o.eop_oe = 0;
                const uint8_t page = c.address >> 8;
                c.step(false);
                carried = c.address >> 8 != page;
                break;
            }
            case S11:
                o.aen = o.strobes_oe = 1;
                address(r.channel[0]);
                break;
            case S12: o.adstb = o.db_oe = o.memr_n = 0; break;
            case S14: o.memr_n = 1; break;
            case S21: address(r.channel[1]); break;
            case S22:
                o.adstb = 0;
                o.db = r.temporary;
                if (r.early_write()) o.memw_n = 0;
                break;
            case S23:
                o.memw_n = 0;
                o.eop_oe = terminal;
                break;
            case S24:
                o.memw_n = 1;
                o.eop_oe = 0;
                break;
            default: break;  // S0, S13 and the waits move nothing
        }
    }

    void address(const Channel &c) {
        next_half.adstb = next_half.db_oe = next_half.a_oe = 1;
        next_half.db = c.address >> 8;
        next_half.a = c.address & 0xFF;
    }

    void write_strobe(const Channel &c) {
        if (c.type() == WRITE) next_half.memw_n = 0;
        if (c.type() == READ) next_half.iow_n = 0;
    }

    void end_service() {
        last = served;
        idle();
    }

    void end_state(const ChipIn &in, bool whole) {
        released = false;
        switch (state) {
            case SI:
                // DREQ is sampled in every SI with HLDA low, and the winner is latched there.
                if (!in.hlda) {
                    const uint8_t wanted = r.wanted(in.dreq);
                    if (wanted) served = winner(wanted), enter(SI_LATCHED);
                }
                break;
            case SI_LATCHED: enter(S0); break;
            case S0:
                if (!grant) break;
                if (served == 0 && r.memory_to_memory()) enter(S11);
                else enter(r.cascaded(served) ? SC : S1);
                break;
            case SC:
                if (!(r.active(in.dreq) >> served & 1 && in.hlda)) end_service(), released = true;
                break;
            case S1: enter_s2(in); break;
            case S2:
                if (r.compressed()) ready_or_wait(in);
                else enter(S3);
                break;
            case S3:
            case SW: ready_or_wait(in); break;
            case S4:
                if (!next_half.hrq) end_service();
                else if (carried) enter(S1);
                else enter_s2(in);
                break;
            case S11: source_external = !in.eop_n, enter(S12); break;
            case S12: enter(S13); break;
            case S13:
            case SW1:
                if (!in.ready) state = SW1;
                else source_done(in, whole);
                break;
            case S14: enter(S21); break;
            case S21:
                external = !in.eop_n;
                terminal = r.channel[1].count == 0;
                enter(S22);
                break;
            case S22: enter(S23); break;
            case S23:
            case SW2:
                if (!in.ready) state = SW2;
                else destination_done();
                break;
            case S24:
                if (next_half.hrq) enter(S11);
                else end_service();
                break;
            default: break;
        }
    }

    int winner(uint8_t wanted) const {
        for (int n = 0; n < 4; n++) {
            const int c = r.rotating() ? (last + 1 + n) & 3 : n;
            if (wanted >> c & 1) return c;
        }
        return 0;
    }

    void enter_s2(const ChipIn &in) { external = !in.eop_n, enter(S2); }

    void ready_or_wait(const ChipIn &in) {
        const Channel &c = r.channel[served];
        if (!in.ready && (c.type() == WRITE || c.type() == READ)) {
            state = SW;
            return;
        }
        bool last_one = c.service() == SINGLE;
        if (c.service() == DEMAND) last_one = !(((r.active(in.dreq) & ~r.mask) | r.request) >> served & 1);
        enter(S4);
        if (terminal || external) r.end_of_process(served), last_one = true;
        if (last_one) next_half.hrq = 0;
    }

    void source_done(const ChipIn &in, bool whole) {
        if (whole) r.temporary = in.db;  // one clock a state: the last clock with MEMR# low is this one
        enter(S14);
        Channel &source = r.channel[0];
        const bool passed_zero = source.count == 0;
        source.step(r.channel_0_holds());
        if (source_external) r.end_of_process(0);
        else if (passed_zero && source.autoinitialize()) source.reload();
    }

    void destination_done() {
        enter(S24);
        r.channel[1].step(false);
        const bool ends = terminal || external;
        if (ends) r.end_of_process(1);
        if (ends || source_external) {
            r.request &= ~3;
            next_half.hrq = 0;
        }
    }
};

}  // namespace golden
