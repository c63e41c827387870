// The PC/XT's board: one chip, four-bit pages, refresh on channel 0, the wait state, AEN from HOLDA; one call per state.
// Ref: IBM 5150 and 5160 netlists and technical references; the project's clock contract, "The XT board".
#pragma once
#include "board.h"

namespace golden {

struct XtBoard {
    Chip dma1;
    uint8_t page[4] = {};
    uint8_t dreq0 = 0;  // the refresh request latch
    WaitStates waits;
    BoardOut out;

    BoardOut outputs(const BoardIn &in) const {
        BoardOut shown = out;
        if (out.aen) return shown;
        shown.d_oe = 0;
        if (in.ior_n) return shown;
        ChipIn pins;
        connect(in, pins);
        const ChipOut o = dma1.outputs(pins);
        if (o.db_oe) shown.d_oe = 1, shown.d = o.db;
        return shown;
    }

    void connect(const BoardIn &in, ChipIn &pins) const {
        const bool refreshing = !(dma1.now.dack & 1);
        pins.reset = in.reset, pins.hlda = in.hlda;
        pins.ready = in.iochrdy && (waits.ready() || refreshing);
        pins.dreq = (in.drq & 0xE) | dreq0;
        pins.ior_n = in.ior_n, pins.iow_n = in.iow_n, pins.db = in.d & 0xFF;
        const uint32_t port = in.a & IO_DECODE;
        if (!(in.ior_n & in.iow_n) && !out.aen && port < 0x20) pins.cs_n = 0, pins.a = port & 0xF;
    }

    void clock(const BoardIn &in, bool, bool) {
        const uint8_t aen = out.aen, driven = out.a_oe;
        ChipIn pins;
        connect(in, pins);
        const bool dack0 = !(dma1.now.dack & 1);
        waits.clock(dma1.now, !dack0);
        const uint32_t port = in.a & IO_DECODE;
        const int index = pages.clock(!in.iow_n, !aen && port >= 0x80 && port < 0xA0, port & 3, in.d & 0xF);
        if (index >= 0) page[index] = pages.value;
        // Set by the rising edge of OUT1, held clear while DACK0# is low; RESET does not reach it.
        if (dack0) dreq0 = 0;
        else if (in.out1 && !out1) dreq0 = 1;
        out1 = in.out1;
        dma1.clock(pins, true, true);
        // AEN is HOLDA a clock later, and DMA WAIT is AEN a clock later: the chip's own AEN is not connected.
        dma_wait = aen && !in.reset;
        out.aen = in.hlda && !in.reset;
        show(driven);
    }

  private:
    WriteOnce pages;
    uint16_t high = 0;
    uint8_t out1 = 1, dma_wait = 0;

    void show(bool driven) {
        const ChipOut &chip = dma1.now;
        out.hrq = chip.hrq;
        out.dack_n = 0xF0 | chip.dack;
        out.refresh_n = chip.dack & 1;
        if (chip.adstb) high = chip.db << 8;
        if (chip.aen && out.aen && dma_wait) {
            out.a_oe = out.strobes_oe = 1;
            out.ior_n = chip.ior_n, out.iow_n = chip.iow_n, out.memr_n = chip.memr_n, out.memw_n = chip.memw_n;
            out.tc = chip.eop_oe;
            out.d_oe = chip.db_oe && !chip.adstb;
            out.d = chip.db;
            // Read select of the 74LS670: RA is DACK3#, RB is DACK2#; channels 0 and 1 share the last register.
            out.a = uint32_t(page[(chip.dack >> 3 & 1) | (chip.dack >> 2 & 1) << 1]) << 16 | high | chip.a;
        } else if (driven) {
            out.a_oe = out.strobes_oe = out.d_oe = out.tc = 0;
            out.ior_n = out.iow_n = out.memr_n = out.memw_n = out.sbhe_n = 1;
        }
    }
};

}  // namespace golden
