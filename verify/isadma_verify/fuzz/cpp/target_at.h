// The PC/AT's board as a target.
#pragma once
#include "at.h"
#include "target_board.h"

namespace fuzz {

struct Target : BoardTarget, StrobedBoard<Target> {
    static constexpr int CHIPS = 2;

    golden::AtBoard model;
    Rtl rtl;

    Target() {
        model.waits.count = WAIT_STATES;
        model.refreshes = REFRESHES;
    }

    static const Ports &ports() {
        static const Ports p{2, [](int chip, int a) { return uint16_t(chip ? 0xC0 + 2 * a : a); }, 0x80, 16, 8, true, REFRESHES,
                             {{"DMA 1", 0x00, 0x0F, 0xFC00}, {"DMA 2", 0xC0, 0xDF, 0xFC01}, {"pages", 0x80, 0x8F, 0xFC00}}, true};
        return p;
    }

    Seen seen() const { return {bool(model.out.hrq), false, false, !model.out.aen && model.out.dack_n != 0xFF}; }
    bool status_port(uint16_t port) const {
        port &= golden::IO_DECODE;
        return port == 0x08 || port == 0xD0 || port == 0xD1;
    }
    uint32_t requests(const In &in) const { return in.drq << 1 | model.dma1.now.hrq; }
    const golden::Chip &chip(int n) const { return n ? model.dma2 : model.dma1; }
    ChipIn chip_in(int n, const In &in) const {
        ChipIn one, two;
        model.connect(in, one, two);
        return n ? two : one;
    }
    In inputs(World &w) const { return BoardTarget::inputs(w, model.out); }
};

}  // namespace fuzz
