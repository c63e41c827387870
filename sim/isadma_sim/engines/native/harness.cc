// The per-clock loop around the compiled board: engines/busloop.py, in C++.
//
// Python is entered for a device's data, for DACK# and TC, and for events; never for a clock.
#include "mastering.h"  // and below it cycles.h, devices.h and harness.h
#include "board.cc"  // the board, written by CXXRTL
#include "parts.h"  // the board's parts by name, and its copies for special situations, written by parts.py

namespace {

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

    // ------------------------------------------------------------------ time
    void step() {
        if (state.clocks >= state.due) {
            call(ISADMA_DUE);
            if (state.failed)
                return;
        }
        if (state.burst.data) {
            master();
            if (state.failed)
                return;
        }
        evaluate(state.in);
        const uint64_t out = board.p_outputs.get<uint64_t>();
        if (out != state.out) {
            state.quiet = -1;
            update(state.out, out);
        }
        const uint64_t in = state.in;
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

    // Whose clock it was.
    void account(uint64_t in, uint64_t out) {
        if (in & IN_HLDA) {
            state.dma_clocks++;
            const int ch = channel(out);
            if (ch >= 0)
                state.channel_clocks[ch]++;
            else
                state.refresh_clocks += !(out & OUT_REFRESH_N);
        } else {
            state.cpu_clocks += state.cpu != 0;
        }
    }

    int32_t run(uint64_t end) {
        while (state.clocks < end) {
            if (state.clocks >= state.due) {
                call(ISADMA_DUE);
                if (state.failed)
                    return ISADMA_STOPPED;
            }
            if (state.stop)
                return ISADMA_STOPPED;
            if (state.quiet >= SETTLE_CLOCKS && state.in == state.shown && state.skip_idle)
                state.clocks = end < state.due ? end : state.due;
            else
                step();
            if (state.failed)
                return ISADMA_STOPPED;
        }
        return ISADMA_REACHED;
    }

    bool steps(int n) {
        while (n--) {
            step();
            if (state.failed)
                return false;
        }
        return true;
    }

    // ------------------------------------------------------------------ the CPU's cycles
    int32_t acquire() {
        for (uint64_t waited = 0; (state.in & IN_HLDA) || (state.out & OUT_HRQ); waited++) {
            if (waited >= state.bus_timeout)
                return ISADMA_TIMED_OUT;
            step();
            if (state.failed)
                return ISADMA_STOPPED;
        }
        return ISADMA_REACHED;
    }

    // Address and data out, then the strobe; false when a callback failed on the way.
    bool strobe(uint32_t port, uint32_t data, uint64_t pin) {
        state.cpu = 1;
        state.in = (state.in & ~IN_A & ~IN_D) | uint64_t(port) << IN_A_LOW | uint64_t(data * 0x101) << IN_D_LOW;
        if (!steps(SETUP_CLOCKS))
            return false;
        state.in &= ~pin;
        return steps(STROBE_CLOCKS);
    }

    void release() {
        state.in |= IN_IOR_N | IN_IOW_N;
        steps(HOLD_CLOCKS);
        state.cpu = 0;
        steps(RECOVERY_CLOCKS);
    }
};

}  // namespace

extern "C" {

Machine *isadma_open(isadma_callback callback, uint8_t *memory, uint64_t size) {
    return new Machine(callback, memory, size);
}

void isadma_close(Machine *machine) { delete machine; }

isadma_state *isadma_state_of(Machine *machine) { return &machine->state; }

int32_t isadma_run(Machine *machine, uint64_t end) { return machine->run(end); }

void isadma_steps(Machine *machine, int32_t clocks) { machine->steps(clocks); }

// One whole port cycle that no device claims. Returns the byte read, or -1 - reason.
int32_t isadma_access(Machine *machine, uint32_t port, int32_t value) {
    const int32_t reason = machine->acquire();
    if (reason != ISADMA_REACHED)
        return -1 - reason;
    const bool reads = value < 0;
    isadma_state &state = machine->state;
    uint32_t data = FLOATING;
    if (machine->strobe(port, reads ? FLOATING : uint32_t(value), reads ? IN_IOR_N : IN_IOW_N) && reads
        && (state.out & OUT_D_OE))
        data = state.out >> OUT_D_LOW & 0xFF;
    machine->release();
    if (state.failed)
        return -1 - ISADMA_STOPPED;
    state.accesses++;
    return int32_t(data);
}

uint64_t isadma_drive(Machine *machine, uint64_t in) { return machine->drive(in); }

void isadma_edge(Machine *machine, uint64_t in) { machine->edge(in); }

uint64_t isadma_probes(Machine *machine) { return machine->board.p_probes.get<uint64_t>(); }

uint32_t isadma_register(Machine *machine, int32_t chip, int32_t word) {
    return register_of(machine->board, chip, word);
}

}
