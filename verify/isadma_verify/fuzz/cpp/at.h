// The PC/AT's board: two cascaded chips, sixteen page registers, the wait state, refresh; one call per state.
// Ref: IBM PC/AT technical reference; the project's clock contract, "The AT board" and "The AT's refresh".
#pragma once
#include <utility>
#include "board.h"

namespace golden {

// What makes refresh cycles: the latch behind OUT1, four clocks, the row counter.
struct Refresh {
    enum Step : uint8_t { IDLE, ASK, R1, R2, R3, R4, RELEASE } step = IDLE;
    uint8_t row = 0, out1 = 1, wanted = 0;
    bool active() const { return step >= R1 && step <= R4; }
    bool reads() const { return step == R2 || step == R3; }
    bool hrq() const { return step >= ASK && step <= R3; }
    bool dma_may() const { return step == IDLE; }
    void clock(const BoardIn &in, bool dma_hrq) {
        const bool asked = wanted;
        if (active() || in.reset) wanted = 0;
        else if (in.out1 && !out1) wanted = 1;
        out1 = in.out1;
        if (step == R4) row++;
        if (in.reset) {
            step = RELEASE;
            return;
        }
        switch (step) {
            case IDLE: if (asked && !dma_hrq && !in.hlda) step = ASK; break;
            case ASK: if (in.hlda) step = R1; break;
            case R1: step = R2; break;
            case R2: step = R3; break;
            case R3: if (in.iochrdy) step = R4; break;
            case R4: step = RELEASE; break;
            case RELEASE: if (!in.hlda) step = IDLE; break;
        }
    }
};

struct AtBoard {
    static constexpr int REFRESH_PAGE = 0xF;
    Chip dma1, dma2;
    uint8_t page[16] = {};
    WaitStates waits;
    Refresh refresh;
    bool refreshes = false;
    BoardOut out;

    static uint8_t port_of_page(int channel) {
        static const uint8_t port[8] = {0x7, 0x3, 0x1, 0x2, 0xF, 0xB, 0x9, 0xA};  // channel 4 has none
        return port[channel];
    }

    BoardOut outputs(const BoardIn &in) const {
        BoardOut shown = out;
        if (out.a_oe) return shown;
        shown.d_oe = 0;
        if (in.ior_n) return shown;
        const uint32_t port = in.a & IO_DECODE;
        if (port >= 0x80 && port < 0x90) {
            shown.d_oe = 1, shown.d = page[port & 0xF];
            return shown;
        }
        ChipIn in1, in2;
        connect(in, in1, in2);
        for (auto [chip, pins] : {std::pair<const Chip &, ChipIn &>{dma1, in1}, {dma2, in2}}) {
            const ChipOut o = chip.outputs(pins);
            if (o.db_oe) {
                shown.d_oe = 1, shown.d = o.db;
                break;
            }
        }
        return shown;
    }

    void clock(const BoardIn &in, bool, bool) {
        const bool driven = out.a_oe;
        ChipIn in1, in2;
        connect(in, in1, in2);
        const bool granted = !(dma2.now.dack & 1);
        waits.clock(dma1.now.aen ? dma1.now : dma2.now);
        const uint32_t port = in.a & IO_DECODE;
        const int index = pages.clock(!in.iow_n, !out.aen && port >= 0x80 && port < 0x90, port & 0xF, in.d & 0xFF);
        if (index >= 0) page[index] = pages.value;
        if (refreshes) refresh.clock(in, dma2.now.hrq);
        dma1.clock(in1, true, true);
        dma2.clock(in2, true, true);
        hlda1 = granted && !in.reset;
        show(driven);
    }

    void connect(const BoardIn &in, ChipIn &in1, ChipIn &in2) const {
        in1.reset = in2.reset = in.reset;
        in1.hlda = hlda1;
        in2.hlda = in.hlda && (!refreshes || refresh.dma_may());
        in1.ready = in2.ready = in.iochrdy && waits.ready();
        in1.dreq = in.drq & 0xF;
        in2.dreq = (in.drq >> 4 & 0xE) | dma1.now.hrq;
        in1.ior_n = in2.ior_n = in.ior_n, in1.iow_n = in2.iow_n = in.iow_n;
        in1.db = in2.db = in.d & 0xFF;
        if ((in.ior_n & in.iow_n) || out.aen) return;
        const uint32_t port = in.a & IO_DECODE;
        if (port < 0x10) in1.cs_n = 0, in1.a = port;
        else if (port >= 0xC0 && port < 0xE0) in2.cs_n = 0, in2.a = (port - 0xC0) >> 1;
    }

  private:
    WriteOnce pages;
    AddressLatch latch;
    bool hlda1 = false;

    void show(bool driven) {
        const ChipOut &one = dma1.now, &two = dma2.now;
        out.hrq = two.hrq;
        out.dack_n = one.dack | (two.dack & 0xE) << 4 | 0x10;
        if (one.aen) {
            const uint16_t address = latch.show(out, one);
            out.a = uint32_t(page[port_of_page(dma1.served)]) << 16 | address;
            out.sbhe_n = !(address & 1);
        } else if (two.aen) {
            const uint16_t address = latch.show(out, two);
            const uint8_t upper = dma2.served ? page[port_of_page(dma2.served + 4)] : 0;
            out.a = uint32_t(upper & 0xFE) << 16 | uint32_t(address) << 1;
            out.sbhe_n = 0;
        } else if (driven) {
            AddressLatch::release(out);
        }
        if (!refreshes) return;
        out.refresh_n = !refresh.active();
        if (!refresh.dma_may()) out.hrq = refresh.hrq();
        if (refresh.active()) {
            out.a_oe = out.strobes_oe = 1;
            out.memr_n = !refresh.reads();
            out.a = uint32_t(page[REFRESH_PAGE]) << 16 | refresh.row;
            out.sbhe_n = !(refresh.row & 1);
        }
    }
};

}  // namespace golden
