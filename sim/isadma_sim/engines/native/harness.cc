// The per-clock loop around the compiled board: engines/busloop.py and engines/dmacycle.py, in C++.
//
// Python is entered for a device's data, for DACK# and TC, and for events; never for a clock.
#include "harness.h"
#include "layout.h"  // pin positions, written by build.py from engines/pins.py
#include "board.cc"  // the board, written by CXXRTL
#include "parts.h"  // the board's parts by name, and its copies for special situations, written by parts.py

namespace {

constexpr uint64_t STROBES = OUT_MEMR_N | OUT_MEMW_N | OUT_IOR_N | OUT_IOW_N;
constexpr uint32_t FLOATING = 0xFF;
constexpr uint32_t FLOATING_WORD = 0xFFFF;

struct Machine {
    cxxrtl_design::p_board board;
    isadma_state state{};
    isadma_callback callback;
    uint8_t *memory;
    uint64_t size;
    uint64_t driven = ~uint64_t(0);  // what the board's input pins carry

    Machine(isadma_callback callback, uint8_t *memory, uint64_t size)
        : callback(callback), memory(memory), size(size) {
        state.in = state.shown = IN_IDLE;
        state.out = OUT_IDLE;
    }

    int32_t call(int32_t event, int32_t channel = 0, int32_t value = 0) {
        return callback(event, channel, value);
    }

    // ------------------------------------------------------------------ devices, and the blocks that stand in for them
    void request(int ch) {
        const isadma_block &block = state.blocks[ch];
        const bool ahead = block.acknowledged && !(block.to_host && block.moved);
        const bool wants = !block.counted && block.length - block.position > (ahead ? block.width : 0);
        const uint64_t bit = uint64_t(1) << (IN_DRQ_LOW + ch);
        state.in = wants ? state.in | bit : state.in & ~bit;
    }

    void dack_changed(int ch, bool active) {
        isadma_block &block = state.blocks[ch];
        if (!block.data) {
            call(active ? ISADMA_DACK_ON : ISADMA_DACK_OFF, ch);
            return;
        }
        if (!active && block.acknowledged && !block.moved)
            block.position += block.width;
        block.acknowledged = active;
        block.moved = 0;
        if (!active && (block.counted || block.position >= block.length))
            call(ISADMA_BLOCK_OVER, ch);
        else
            request(ch);
    }

    void terminal_count(int ch) {
        isadma_block &block = state.blocks[ch];
        if (!block.data) {
            call(ISADMA_TC, ch);
            return;
        }
        block.counted = 1;
        request(ch);
    }

    uint32_t dma_read(int ch) {
        isadma_block &block = state.blocks[ch];
        if (!block.data)
            return uint32_t(call(ISADMA_DMA_READ, ch));
        block.moved = 1;
        uint32_t value = block.width > 1 ? FLOATING_WORD : FLOATING;
        if (block.position < block.length) {
            value = block.data[block.position++];
            if (block.width > 1)
                value |= uint32_t(block.data[block.position++]) << 8;
        }
        request(ch);
        return value;
    }

    void dma_write(int ch, uint32_t value) {
        isadma_block &block = state.blocks[ch];
        if (!block.data) {
            call(ISADMA_DMA_WRITE, ch, int32_t(value));
            return;
        }
        block.moved = 1;
        if (block.position < block.length) {
            block.data[block.position++] = value & 0xFF;
            if (block.width > 1)
                block.data[block.position++] = value >> 8 & 0xFF;
        }
        request(ch);
    }

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

    // ------------------------------------------------------------------ the DMA's cycles
    static uint32_t dacks(uint64_t out) { return ~(out >> OUT_DACK_N_LOW) & 0xFF; }
    static int channel(uint64_t out) {
        uint32_t active = dacks(out);
        return active ? __builtin_ctz(active) : -1;
    }
    static uint64_t address(uint64_t out) { return out >> OUT_A_LOW & 0xFFFFFF; }
    static bool word(uint64_t out) { return !(out & OUT_SBHE_N) && !(address(out) & 1); }

    void update(uint64_t last, uint64_t out) {
        const uint64_t changed = last ^ out;
        const uint64_t rose = changed & out & STROBES;
        // Each step is made even when a device fails in the one before: the bus goes on.
        if (rose)
            end(last, rose);
        if (changed & last & OUT_TC)
            for (uint32_t active = dacks(last); active; active &= active - 1)
                terminal_count(__builtin_ctz(active));
        if (changed & OUT_DACK_N)
            dack(last, out, changed);
        else if ((changed & OUT_A) && !state.strobed && (last & out & OUT_AEN))
            verified(last);
        const uint64_t fell = changed & last & (OUT_IOR_N | OUT_MEMR_N);
        if (fell)
            begin(out, fell);
    }

    void dack(uint64_t last, uint64_t out, uint64_t changed) {
        const uint32_t moved = changed >> OUT_DACK_N_LOW & 0xFF, after = out >> OUT_DACK_N_LOW & 0xFF;
        if (moved & after) {
            if (!state.strobed && (last & OUT_AEN))
                verified(last);
        }
        state.strobed = 0;  // also of a strobe outside any frame: refresh, memory to memory
        for (uint32_t left = moved; left; left &= left - 1) {
            const uint32_t bit = left & -left;
            dack_changed(__builtin_ctz(bit), !(after & bit));
        }
    }

    void verified(uint64_t last) {
        const int ch = channel(last);
        if (ch >= 0)
            state.transfers[ch]++;
    }

    void begin(uint64_t out, uint64_t fell) {
        state.strobed = 1;
        if ((fell & OUT_MEMR_N) && !(out & OUT_REFRESH_N))
            return;  // only rows are addressed: no memory drives
        const bool wide = word(out);
        if (fell & OUT_IOR_N) {
            const int ch = channel(out);
            state.data = FLOATING_WORD;
            if (ch >= 0) {
                const uint32_t failed = state.failed;
                state.failed = 0;
                const uint32_t data = dma_read(ch);
                const uint32_t gave_nothing = state.failed;
                state.failed |= failed;
                if (gave_nothing)
                    return;  // the pins keep what they carried, as in busloop.py
                state.data = data;
            }
            if (!wide)
                state.data &= 0xFF;
        } else {
            state.data = read(address(out), wide);
        }
        const uint64_t lanes = wide ? state.data : (state.data & 0xFF) * 0x101;
        state.in = (state.in & ~IN_D) | lanes << IN_D_LOW;
    }

    uint32_t read(uint64_t at, bool wide) const {
        const uint32_t low = at < size ? memory[at] : FLOATING;
        return wide ? low | (at + 1 < size ? memory[at + 1] : FLOATING) << 8 : low;
    }

    void end(uint64_t last, uint64_t rose) {
        const uint64_t at = address(last);
        const bool wide = word(last);
        const uint32_t bytes = wide ? 2 : 1;
        const int ch = channel(last);
        if ((rose & OUT_MEMR_N) && !(last & OUT_REFRESH_N)) {
            state.refreshes++;
            if (ch >= 0)
                state.transfers[ch]++;
            return;
        }
        if (rose & OUT_MEMW_N) {
            if (last & OUT_IOR_N) {
                state.data = last & OUT_D_OE ? last >> OUT_D_LOW & 0xFFFF : FLOATING_WORD;
                state.mem_to_mem += bytes;
            }
            if (!wide)
                state.data &= 0xFF;
            if (at + bytes <= size) {
                memory[at] = state.data & 0xFF;
                if (wide)
                    memory[at + 1] = state.data >> 8 & 0xFF;
            }
        } else if (!(rose & (OUT_IOW_N | OUT_MEMR_N))) {
            return;
        }
        if (ch >= 0) {
            state.transfers[ch]++;
            state.bytes[ch] += bytes;
        }
        if ((rose & OUT_IOW_N) && ch >= 0)
            dma_write(ch, state.data);
    }

    // ------------------------------------------------------------------ a bus master's cycles (engines/mastering.py)
    uint64_t place(const isadma_burst &burst) const { return (burst.address + burst.position) & 0xFFFFFF; }

    void master() {
        isadma_burst &burst = state.burst;
        while (burst.data) {
            const bool granted = !((state.out >> (OUT_DACK_N_LOW + burst.channel) & 1) || (state.out & OUT_AEN));
            if (!granted)
                state.conflicts[burst.channel]++;
            else if (burst.phase == burst.clocks)
                master_end(burst);
            if (granted && burst.position < burst.length) {
                if (burst.phase == 0)
                    master_address(burst);
                else if (burst.phase == 1)
                    master_strobe(burst);
                burst.phase++;
                state.master_clocks++;
                return;
            }
            state.in |= IN_MASTER_N | IN_MEMR_N | IN_MEMW_N | IN_SBHE_N;
            burst.data = nullptr;
            call(ISADMA_BURST_OVER, int32_t(burst.channel), int32_t(burst.position));
            if (state.failed || !granted)
                return;
        }
    }

    void master_lanes(const isadma_burst &burst) {
        const uint64_t lanes = burst.word ? burst.carried : burst.carried * 0x101;
        state.in = (state.in & ~IN_D) | lanes << IN_D_LOW;
    }

    void master_address(isadma_burst &burst) {
        const uint64_t at = place(burst);
        burst.word = burst.width == 2 && !(at & 1) && burst.length - burst.position > 1;
        state.in = (state.in & ~IN_A & ~IN_MASTER_N) | at << IN_A_LOW;
        state.in = burst.word || (at & 1) ? state.in & ~IN_SBHE_N : state.in | IN_SBHE_N;
        if (burst.to_memory) {
            burst.carried = burst.data[burst.position];
            if (burst.word)
                burst.carried |= uint32_t(burst.data[burst.position + 1]) << 8;
            master_lanes(burst);
        }
    }

    void master_strobe(isadma_burst &burst) {
        if (burst.to_memory) {
            state.in &= ~IN_MEMW_N;
            return;
        }
        burst.carried = read(place(burst), burst.word);
        state.in &= ~IN_MEMR_N;
        master_lanes(burst);
    }

    void master_end(isadma_burst &burst) {
        const uint64_t at = place(burst);
        const uint32_t bytes = burst.word ? 2 : 1;
        uint8_t *to = burst.to_memory ? memory + at : burst.data + burst.position;
        if (!burst.to_memory || at + bytes <= size) {
            to[0] = burst.carried & 0xFF;
            if (burst.word)
                to[1] = burst.carried >> 8 & 0xFF;
        }
        state.transfers[burst.channel]++;
        state.bytes[burst.channel] += bytes;
        burst.position += bytes;
        burst.phase = 0;
        state.in |= IN_MEMR_N | IN_MEMW_N;
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
