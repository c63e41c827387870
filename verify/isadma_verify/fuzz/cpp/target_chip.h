// The chip as a target: how its design and its model are driven, and which of their pins are compared.
#pragma once
#include "strobed.h"

namespace fuzz {

struct Target : Strobed<Target> {
    using Model = golden::Chip;
    using In = golden::ChipIn;
    using Out = golden::ChipOut;
    static constexpr int CHIPS = 1;

    Model model;
    Rtl rtl;

    Target() {
        model.r.cmos = IS_CMOS;
        model.r.undefined_read = 0xFF;
    }

    static const Ports &ports() {
        static const Ports p{1, [](int, int a) { return uint16_t(a); }, 0, 0, 4, false, false};
        return p;
    }

    static constexpr Pin PINS[] = {
        {"HRQ", 1, -1}, {"DACK", 4, -1}, {"AEN", 1, -1}, {"ADSTB", 1, -1}, {"EOP# driven", 1, -1},
        {"IOR# driven", 1, -1}, {"IOW# driven", 1, -1}, {"MEMR# driven", 1, -1}, {"MEMW# driven", 1, -1},
        {"IOR#", 1, 5}, {"IOW#", 1, 6}, {"MEMR#", 1, 7}, {"MEMW#", 1, 8},
        {"DB driven", 1, -1}, {"DB", 8, 13}, {"A0-A7 driven", 1, -1}, {"A0-A7", 8, 15}};
    static constexpr Pin INPUTS[] = {{"RESET", 1, -1}, {"CS#", 1, -1}, {"READY", 1, -1}, {"HLDA", 1, -1}, {"DREQ", 4, -1},
                                     {"IOR# in", 1, -1}, {"IOW# in", 1, -1}, {"EOP# in", 1, -1}, {"DB in", 8, -1}, {"A0-A3", 4, -1}};
    static constexpr int DATA = 14, DATA_DRIVEN = 13;

    static void flat(const Out &o, uint32_t *v) {
        const uint32_t all[] = {o.hrq, o.dack, o.aen, o.adstb, o.eop_oe, o.strobes_oe, o.strobes_oe, o.strobes_oe, o.strobes_oe,
                                o.ior_n, o.iow_n, o.memr_n, o.memw_n, o.db_oe, o.db, o.a_oe, o.a};
        for (size_t n = 0; n < std::size(all); n++) v[n] = all[n];
    }
    static void flat(const In &i, uint32_t *v) {
        const uint32_t all[] = {i.reset, i.cs_n, i.ready, i.hlda, i.dreq, i.ior_n, i.iow_n, i.eop_n, i.db, i.a};
        for (size_t n = 0; n < std::size(all); n++) v[n] = all[n];
    }

    static In unflat(const uint32_t *v) {
        In in;
        uint8_t *const all[] = {&in.reset, &in.cs_n, &in.ready, &in.hlda, &in.dreq, &in.ior_n, &in.iow_n, &in.eop_n, &in.db, &in.a};
        for (size_t n = 0; n < std::size(all); n++) *all[n] = v[n];
        return in;
    }

    Seen seen() const { return {bool(model.now.hrq), model.state == golden::SC, bool(model.now.aen)}; }
    bool status_port(uint16_t port) const { return port == 0x8; }
    uint32_t requests(const In &in) const { return in.dreq; }
    const golden::Chip &chip(int) const { return model; }
    ChipIn chip_in(int, const In &in) const { return in; }

    In inputs(World &w) const {
        const Out &shown = model.now;
        In in;
        in.reset = w.reset, in.ready = w.ready, in.hlda = w.hlda, in.dreq = w.lines & 0xF, in.eop_n = w.eop_n && !shown.eop_oe;
        in.ior_n = w.ior_n, in.iow_n = w.iow_n;
        if (w.busy) {
            in.cs_n = 0, in.a = w.port & 0xF, in.db = w.data;
        } else {
            if (w.noise_on()) in.cs_n = w.noise.bits() & 1, in.a = w.noise.bits() & 0xF, in.db = w.noise.bits() & 0xFF;
            else in.db = 0x5A;
            if (shown.strobes_oe) in.ior_n = shown.ior_n, in.iow_n = shown.iow_n;
            else if (w.still && w.noise_on()) {
                const uint32_t which = w.noise.below(3);
                in.ior_n = which != 1, in.iow_n = which != 2;
            }
        }
        return in;
    }
};

}  // namespace fuzz
