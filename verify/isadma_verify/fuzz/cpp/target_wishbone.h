// The 8237A on Wishbone as a target: its two buses and its devices' lines; with BURSTS, also CTI and BTE.
#pragma once
#include "bus_coverage.h"
#include "bus_world.h"
#include "coverage.h"
#include "generate.h"
#include "rtl.h"
#include "wishbone.h"
#if BURSTS
#include "burst_coverage.h"
#endif

namespace fuzz {

#if BURSTS
using WishboneModel = golden::BurstingDma;
using WishboneShown = golden::BurstingOut;
#else
using WishboneModel = golden::WishboneDma;
using WishboneShown = golden::WishboneOut;
#endif

struct Target {
    using In = golden::WishboneIn;
    using Out = WishboneShown;
    using Surroundings = BusWorld;

    WishboneModel model;
    Rtl rtl;
    bool acknowledged = false;

    Target() { model.chip.r.undefined_read = 0xFF; }

    enum { ACK, DAT, CYC, STB, WE, SEL, ADR, DAT_W, DACK, IOR, IOW, DEVICE, TC, IRQ, CTI, BTE };
    static constexpr Pin PINS[] = {{"ACK_O", 1, -1}, {"DAT_O", 32, -1}, {"memory CYC_O", 1, -1}, {"memory STB_O", 1, -1},
                                   {"memory WE_O", 1, -1}, {"memory SEL_O", 4, -1}, {"memory ADR_O", 30, -1}, {"memory DAT_O", 32, -1},
                                   {"DACK", 4, -1}, {"IOR#", 1, -1}, {"IOW#", 1, -1}, {"device out", 8, -1}, {"TC", 1, -1}, {"IRQ", 1, -1},
#if BURSTS
                                   {"memory CTI_O", 3, -1}, {"memory BTE_O", 2, -1},
#endif
    };
    static constexpr Pin INPUTS[] = {{"RST_I", 1, -1}, {"CYC_I", 1, -1}, {"STB_I", 1, -1}, {"WE_I", 1, -1}, {"SEL_I", 4, -1},
                                     {"ADR_I", 5, -1}, {"DAT_I", 32, -1}, {"memory ACK_I", 1, -1}, {"memory ERR_I", 1, -1},
                                     {"memory DAT_I", 32, -1}, {"DREQ", 4, -1}, {"device in", 8, -1}, {"device ready", 1, -1}, {"EOP# in", 1, -1}};

    static void flat(const Out &o, uint32_t *v) {
        const uint32_t all[] = {o.ack, o.dat_r, o.cyc, o.stb, o.we, o.sel, o.adr, o.dat_w, o.dack, o.ior_n, o.iow_n, o.device_out, o.tc, o.irq,
#if BURSTS
                                o.cti, o.bte,
#endif
        };
        for (size_t n = 0; n < std::size(all); n++) v[n] = all[n];
    }
    static void flat(const In &i, uint32_t *v) {
        const uint32_t all[] = {i.rst, i.cyc, i.stb, i.we, i.sel, i.adr, i.dat_w, i.ack, i.err, i.dat_r, i.dreq, i.device_in, i.device_ready, i.eop_n};
        for (size_t n = 0; n < std::size(all); n++) v[n] = all[n];
    }

    State state(int) const { return model.chip.state; }
    BusSeen seen() const {
        const Out out = model.outputs(In{});
        return {acknowledged, bool(out.cyc), bool(out.stb), bool(model.chip.now.hrq)};
    }
    In inputs(BusWorld &w) const {
        In in;
        in.rst = w.rst, in.cyc = w.cyc, in.stb = w.stb, in.we = w.we, in.sel = w.sel, in.adr = w.adr, in.dat_w = w.dat_w;
        in.ack = w.ack, in.err = w.err, in.dat_r = w.dat_r;
        in.dreq = w.lines & 0xF, in.device_ready = w.ready, in.eop_n = w.eop_n;
        in.device_in = w.noise_on() ? w.noise.bits() : 0x5A;
        return in;
    }

    // What B4 makes valid: data with its ACK, what is asked for with its STB, a write's data on its lane.
    void judge(const BusWorld &w, const In &in, uint32_t *want, const uint32_t *, uint32_t *care) {
        for (size_t n = 0; n < std::size(PINS); n++) care[n] = ~0u >> (32 - PINS[n].width);
        acknowledged = want[ACK];
        care[DAT] = want[ACK] && !in.we ? model.answer_sure : 0;
        const bool transfer = want[STB] && want[SEL];
        if (!want[STB]) care[WE] = care[SEL] = 0;
        if (!transfer) care[ADR] = 0;
#if BURSTS
        if (!want[STB]) care[CTI] = 0;
        if (!want[STB] || !want[CTI]) care[BTE] = 0;
#endif
        care[DAT_W] = 0;
        if (transfer && want[WE])
            for (int n = 0; n < 4; n++) care[DAT_W] |= (want[SEL] >> n & 1) * 0xFFu << 8 * n;
        if (!model.byte_known) care[DEVICE] = 0;
        (void)w;
    }

    // Random programs are the chip's own; each access of them becomes a cycle, some with other lanes or little patience.
    static const Ports &ports() {
        static const Ports p{1, [](int, int a) { return uint16_t(a); }, golden::WishboneDma::PAGES, 6, 4, false, false};
        return p;
    }
    static void as_cycles(const std::vector<Step> &from, std::vector<Step> &to, uint64_t seed, bool lawful) {
        Random r(seed ^ 0xB4);
        const uint32_t hasty_of = lawful ? 1u << 30 : 2 + r.below(30), answer_of = 2 + r.below(10), own_of = 1 + r.below(20);
        for (Step s : from) {
            switch (s.kind) {
                case OUT:
                case IN: {
                    s.kind = s.kind == OUT ? WRITE : READ;
                    s.count = s.data | (s.port >= golden::WishboneDma::PAGES ? r.bits() << 8 : 0);
                    s.data = r.one_in(lawful ? 1u << 30 : 40) ? r.bits() & 0xF : 0x1 | (r.bits() & 0xE);
                    s.gap = r.one_in(2) ? 0 : s.gap, s.length = 0;
                    if (r.one_in(hasty_of)) {
                        Step hasty = s;
                        hasty.length = 1 + r.below(r.one_in(3) ? 12 : 6);
                        to.push_back(hasty);
                    }
                    break;
                }
                case RELOAD:
                    if (!lawful && r.one_in(2)) to.push_back(Step{READ, 1, 0, 1, golden::WishboneDma::PAGES, 0});
                    break;
                case RESET: s.kind = IDLE, s.count = 1; break;
                case GRANT:
                case DROP: s.kind = ANSWER, s.length = r.below(4), s.data = 0, s.count = r.one_in(3) ? 1 + r.below(12) : 0; break;
                case LINES:
                    if (r.one_in(answer_of)) {
                        static const uint8_t latencies[] = {0, 0, 1, 2, 3, 9};
                        to.push_back(Step{ANSWER, r.pick(latencies), s.gap, 0, 0, uint16_t(r.one_in(3) ? 1 + r.below(20) : 0)});
                        s.gap = 0;
                    }
                    break;
                default: break;
            }
            to.push_back(s);
            if (lawful || s.kind == RELOAD || s.kind > READ || (s.kind < WRITE && s.kind != IDLE) || !r.one_in(own_of)) continue;
            // Pages and error bits answer also while the chip has the bus: one write to them, or some in a row.
            const uint16_t word = golden::WishboneDma::PAGES + r.below(5);
            for (int n = r.one_in(4) ? r.below(12) : 0; n >= 0; n--)
                to.push_back(Step{WRITE, 0, uint8_t(n ? 0 : r.below(4)), 1, word, uint16_t(r.bits() | (n ? 0xF : 0))});
        }
    }
    static Scenario draw(uint64_t seed, uint32_t clocks, uint32_t per_state, std::vector<Step> &steps) {
        std::vector<Step> drawn;
        Generator generator(ports(), seed);
        Scenario s = generator.scenario(clocks, per_state, drawn);
        as_cycles(drawn, steps, seed, false);
        s.count = uint32_t(steps.size()), s.steps = steps.data();
        return s;
    }
    static std::vector<Step> opening() {
        std::vector<Step> drawn, steps;
        Generator(ports(), 0).open(drawn);
        for (int n = 0; n < 4; n++) drawn.push_back(Step{OUT, 1, 0, 0, uint16_t(golden::WishboneDma::PAGES + n), 0});
        as_cycles(drawn, steps, 0, true);
        for (Step &s : steps) s.count &= 0xFF;
        return steps;
    }
    static void load_again(uint32_t seed, std::vector<Step> &steps) {
        std::vector<Step> drawn;
        Generator generator(ports(), seed);
        generator.load_all(drawn);
        as_cycles(drawn, steps, seed, true);
    }

    // The chip's bins, and the buses'.
    class Counting {
      public:
        static Bins &table() {
            static Bins all = [] {
                std::vector<Group> groups = Coverage::make(), more = BusCoverage::make();
                groups.insert(groups.end(), more.begin(), more.end());
#if BURSTS
                more = BurstCoverage::make();
                groups.insert(groups.end(), more.begin(), more.end());
#endif
                return Bins(groups);
            }();
            return all;
        }
#if BURSTS
        explicit Counting(uint64_t *bins) : Counting(bins, bins + Coverage::table().size()) {}
#else
        explicit Counting(uint64_t *bins) : chip(bins), bus(bins + Coverage::table().size()) {}
#endif
        void before(const Target &t, const In &in, bool) {
            ChipIn pins;
            pins.dreq = in.dreq, pins.reset = in.rst;
            pins.ready = t.model.transfer == golden::WishboneDma::DONE && in.device_ready;
            pins.eop_n = in.eop_n && !t.model.stopped(), pins.hlda = t.model.hlda();
            chip.before(t.model.chip, pins, true);
#if BURSTS
            // The bus's own bins are of the transfers that the DMA asks for, wherever their answers come from.
            bus.before(t.model, t.model.standard(in));
            bursts.before(t.model, in);
#else
            bus.before(t.model, in);
#endif
        }
        void after(const Target &t, bool) { chip.after(t.model.chip, true); }

      private:
        Coverage chip;
        BusCoverage bus;
#if BURSTS
        BurstCoverage bursts;
        Counting(uint64_t *bins, uint64_t *of_bus) : chip(bins), bus(of_bus), bursts(of_bus + BusCoverage::table().size()) {}
#endif
    };
};

}  // namespace fuzz
