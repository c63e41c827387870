// A bus master's cycles: engines/mastering.py, in C++.
#pragma once
#include "cycles.h"

namespace {

struct Mastering : DmaCycles {
    using DmaCycles::DmaCycles;

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
        if (burst.to_memory) {
            store(at, burst.carried, bytes);
        } else {
            burst.data[burst.position] = burst.carried & 0xFF;
            if (burst.word)
                burst.data[burst.position + 1] = burst.carried >> 8 & 0xFF;
        }
        state.transfers[burst.channel]++;
        state.bytes[burst.channel] += bytes;
        burst.position += bytes;
        burst.phase = 0;
        state.in |= IN_MEMR_N | IN_MEMW_N;
    }
};

}  // namespace
