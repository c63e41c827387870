// The PC/XT's board as a target.
#pragma once
#include "target_board.h"
#include "xt.h"

namespace fuzz {

struct Target : BoardTarget, StrobedBoard<Target> {
    static constexpr int CHIPS = 1;

    golden::XtBoard model;
    Rtl rtl;

    Target() { model.waits.count = WAIT_STATES; }

    static const Ports &ports() {
        static const Ports p{1, [](int, int a) { return uint16_t(a); }, 0x80, 32, 4, true, true,
                             {{"DMA", 0x00, 0x1F, 0xFC10}, {"pages", 0x80, 0x9F, 0xFC1C}}};
        return p;
    }

    Seen seen() const { return {bool(model.out.hrq), false}; }
    bool status_port(uint16_t port) const { return (port & golden::IO_DECODE & ~0x10) == 0x08; }
    uint32_t requests(const In &in) const { return in.drq << 1 | model.dreq0; }
    const golden::Chip &chip(int) const { return model.dma1; }
    ChipIn chip_in(int, const In &in) const {
        ChipIn pins;
        model.connect(in, pins);
        return pins;
    }
    In inputs(World &w) const { return BoardTarget::inputs(w, model.out); }
};

}  // namespace fuzz
