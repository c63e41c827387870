// What both boards have as targets: the pins of the bus, and what its surroundings put on them.
#pragma once
#include "board.h"
#include "port_coverage.h"
#include "strobed.h"

namespace fuzz {

struct BoardTarget {
    using In = golden::BoardIn;
    using Out = golden::BoardOut;

    static constexpr Pin PINS[] = {
        {"HRQ", 1, -1}, {"AEN", 1, -1}, {"DACK#", 8, -1}, {"TC", 1, -1}, {"REFRESH#", 1, -1}, {"A0-A23 driven", 1, -1},
        {"A0-A23", 24, 5}, {"SBHE#", 1, 5}, {"IOR# driven", 1, -1}, {"IOW# driven", 1, -1}, {"MEMR# driven", 1, -1}, {"MEMW# driven", 1, -1},
        {"IOR#", 1, 8}, {"IOW#", 1, 9}, {"MEMR#", 1, 10}, {"MEMW#", 1, 11}, {"D driven", 1, -1}, {"D", 16, 16}};
    static constexpr Pin INPUTS[] = {{"RESET", 1, -1}, {"HLDA", 1, -1}, {"SBHE# in", 1, -1}, {"IOR# in", 1, -1}, {"IOW# in", 1, -1},
                                     {"MEMR# in", 1, -1}, {"MEMW# in", 1, -1}, {"DRQ", 8, -1}, {"IOCHRDY", 1, -1}, {"MASTER#", 1, -1},
                                     {"OUT1", 1, -1}, {"D in", 16, -1}, {"A in", 24, -1}};
    static constexpr int DATA = 17, DATA_DRIVEN = 16;

    static void flat(const Out &o, uint32_t *v) {
        const uint32_t all[] = {o.hrq, o.aen, o.dack_n, o.tc, o.refresh_n, o.a_oe, o.a, o.sbhe_n, o.strobes_oe, o.strobes_oe, o.strobes_oe,
                                o.strobes_oe, o.ior_n, o.iow_n, o.memr_n, o.memw_n, o.d_oe, o.d};
        for (size_t n = 0; n < std::size(all); n++) v[n] = all[n];
    }
    static void flat(const In &i, uint32_t *v) {
        const uint32_t all[] = {i.reset, i.hlda, i.sbhe_n, i.ior_n, i.iow_n, i.memr_n, i.memw_n, i.drq, i.iochrdy, i.master_n, i.out1, i.d, i.a};
        for (size_t n = 0; n < std::size(all); n++) v[n] = all[n];
    }

    static In inputs(World &w, const Out &out) {
        In in;
        in.reset = w.reset, in.hlda = w.hlda, in.drq = w.lines & 0xFF, in.out1 = w.lines >> 8 & 1, in.iochrdy = w.ready;
        in.ior_n = w.ior_n, in.iow_n = w.iow_n, in.master_n = !w.card;
        if (w.noise_on()) in.d = w.noise.bits(), in.a = w.noise.bits() & 0xFFFFFF, in.sbhe_n = w.noise.bits() & 1;
        if (w.busy) in.a = (in.a & ~golden::IO_DECODE) | w.port, in.d = (in.d & 0xFF00) | w.data;
        if (out.a_oe) {
            in.a = out.a, in.sbhe_n = out.sbhe_n;
            in.ior_n = out.ior_n, in.iow_n = out.iow_n, in.memr_n = out.memr_n, in.memw_n = out.memw_n;
            if (out.d_oe) in.d = out.d;
        }
        return in;
    }
};

// A board's bins are those of its chips, and of its ports.
template <class Target> struct StrobedBoard : Strobed<Target> {
    class Counting : public Strobed<Target>::Counting {
      public:
        static Bins &table() {
            static Bins all(made());
            return all;
        }
        explicit Counting(uint64_t *bins) : Strobed<Target>::Counting(bins), bins(bins), ports(Target::ports().blocks, bins + Coverage::table().size()) {}
        void before(const Target &t, const golden::BoardIn &in, bool fall) {
            Strobed<Target>::Counting::before(t, in, fall);
            ports.clock(in.ior_n, in.iow_n, t.model.out.aen, in.a);
            const bool low = !(in.master_n || (in.ior_n && in.iow_n));
            const std::vector<Block> &blocks = Target::ports().blocks;
            for (size_t n = 0; low && !was_low && n < blocks.size(); n++)
                if (blocks[n].has(in.a)) bins[table().at(int(groups_before()), int(n), !in.iow_n)]++;
            was_low = low;
        }

      private:
        uint64_t *bins;
        PortCoverage ports;
        bool was_low = false;
        static size_t groups_before() {
            static const size_t before = made().size() - 1;
            return before;
        }
        static std::vector<Group> made() {
            std::vector<Group> groups = Coverage::make();
            for (const Group &each : PortCoverage::groups(Target::ports().blocks)) groups.push_back(each);
            if (!Target::ports().masters) return groups;
            std::vector<const char *> blocks;
            for (const Block &each : Target::ports().blocks) blocks.push_back(each.name);
            groups.push_back({"own port, by a card that holds MASTER# (block, access)", {blocks, {"read", "write"}}});
            return groups;
        }
    };
};

}  // namespace fuzz
