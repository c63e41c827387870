// The DMA's cycles between devices and memory: engines/dmacycle.py, in C++.
#pragma once
#include "devices.h"

namespace {

constexpr uint64_t STROBES = OUT_MEMR_N | OUT_MEMW_N | OUT_IOR_N | OUT_IOW_N;

struct DmaCycles : Devices {
    uint8_t *memory;
    uint64_t size;
    isadma_guard *guard;

    DmaCycles(isadma_callback callback, uint8_t *memory, uint64_t size, isadma_guard *guard)
        : Devices(callback), memory(memory), size(size), guard(guard) {}

    // A byte or a word of the bus goes to memory, unless it is ROM, or nothing is installed there.
    void store(uint64_t at, uint32_t value, uint32_t bytes) {
        if (at + bytes > size)
            return;
        if (guard->roms | guard->watching) {
            for (uint32_t byte = 0; byte < bytes; byte++, value >>= 8)
                store_guarded(at + byte, value & 0xFF);
            return;
        }
        memory[at] = value & 0xFF;
        if (bytes > 1)
            memory[at + 1] = value >> 8 & 0xFF;
    }

    void store_guarded(uint64_t at, uint8_t value) {
        for (uint32_t rom = 0; rom < guard->roms; rom++)
            if (guard->starts[rom] <= at && at < guard->ends[rom])
                return;
        memory[at] = value;
        if (!guard->watching)
            return;
        const uint32_t page = uint32_t(at >> 12), offset = at & 0xFFF;
        if (offset < guard->low[page])
            guard->low[page] = offset;
        if (offset + 1 > guard->high[page])
            guard->high[page] = offset + 1;
        if (page < guard->first_page)
            guard->first_page = page;
        if (page > guard->last_page)
            guard->last_page = page;
    }

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

    // Whether `update` would call Python. It errs to that side, at the end of a block.
    bool asks_python(uint64_t last, uint64_t out) const {
        const uint64_t changed = last ^ out;
        if (!(changed & (OUT_DACK_N | OUT_TC | OUT_IOR_N | OUT_IOW_N)))
            return false;
        for (uint32_t active = dacks(last) | dacks(out); active; active &= active - 1)
            if (!goes_on(__builtin_ctz(active)) || (changed & OUT_TC))
                return true;
        return false;
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
            store(at, state.data, bytes);
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
};

}  // namespace
