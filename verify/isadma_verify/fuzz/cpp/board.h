// What both boards have: the pins of the ISA bus, the wait states, and how a chip's cycle looks on the bus.
// Ref: IBM PC/AT and PC/XT technical references; the project's clock contract, "The AT board" and "The XT board".
#pragma once
#include "chip.h"

namespace golden {

struct BoardIn {
    uint8_t reset = 0, hlda = 0, sbhe_n = 1, ior_n = 1, iow_n = 1, memr_n = 1, memw_n = 1, drq = 0, iochrdy = 1, master_n = 1, out1 = 0;
    uint16_t d = 0;
    uint32_t a = 0;
};

struct BoardOut {
    uint8_t hrq = 0, a_oe = 0, sbhe_n = 1, d_oe = 0, ior_n = 1, iow_n = 1, memr_n = 1, memw_n = 1, strobes_oe = 0, aen = 0,
            dack_n = 0xFF, tc = 0, refresh_n = 1;
    uint16_t d = 0;
    uint32_t a = 0;
};

constexpr uint32_t IO_DECODE = 0x3FF;  // I/O addresses are decoded on A0-A9

// One flip-flop more than wait states, clocked at each state's end and cleared while no strobe is low.
struct WaitStates {
    int count = 1, passed = 0;
    bool ready() const { return count == 0 || passed > count; }
    void clock(const ChipOut &chip, bool counts = true) {
        const bool strobe = !(chip.memr_n & chip.memw_n & chip.ior_n & chip.iow_n);
        passed = count && counts && strobe ? (passed > count ? passed : passed + 1) : 0;
    }
};

// A byte written at the trailing edge of IOW#, where a port of the board's own is written.
struct WriteOnce {
    bool writing = false;
    int index = 0;
    uint8_t value = 0;
    // Returns the index to write now, or -1.
    int clock(bool low, bool selected, int at, uint8_t byte) {
        if (low) {
            if (selected) writing = true, index = at, value = byte;
            return -1;
        }
        const bool done = writing;
        writing = false;
        return done ? index : -1;
    }
};

// A chip's cycle on the bus: A8-A15 come through a latch that is transparent while ADSTB is high.
struct AddressLatch {
    uint16_t high = 0;
    uint16_t show(BoardOut &out, const ChipOut &chip) {
        out.aen = out.a_oe = out.strobes_oe = 1;
        out.ior_n = chip.ior_n, out.iow_n = chip.iow_n, out.memr_n = chip.memr_n, out.memw_n = chip.memw_n;
        out.tc = chip.eop_oe;
        if (chip.adstb) high = chip.db << 8, out.d_oe = 0;
        else out.d_oe = chip.db_oe, out.d = chip.db;
        return high | chip.a;
    }
    static void release(BoardOut &out) {
        out.aen = out.a_oe = out.strobes_oe = out.d_oe = out.tc = 0;
        out.ior_n = out.iow_n = out.memr_n = out.memw_n = out.sbhe_n = 1;
    }
};

}  // namespace golden
