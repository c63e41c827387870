// The part in its socket as a target: the golden chip moves with CLK itself, the design follows some fabric clocks later.
#pragma once
#include <deque>
#include "coverage.h"
#include "generate.h"
#include "rtl.h"
#include "socket_world.h"

namespace fuzz {

// What the pins show in this clock, and what the design's first flip-flops catch of it.
struct SocketIn {
    ChipIn part;
    uint8_t clk = 0, reset = 0, cs_n = 1, ready = 1, hlda = 0, dreq = 0, ior_n = 1, iow_n = 1, eop_n = 1, db = 0, a = 0;
    const SocketWorld *world = nullptr;
};

struct SocketModel {
    golden::Chip chip;
    ChipOut outputs(const SocketIn &in) const { return chip.outputs(in.part); }
    void clock(const SocketIn &in, bool rise, bool fall) { chip.clock(in.part, rise, fall); }
};

struct Target {
    using In = SocketIn;
    using Out = golden::ChipOut;
    using Surroundings = SocketWorld;

    SocketModel model;
    Rtl rtl;

    Target() { model.chip.r.undefined_read = 0xFF; }

    enum { HRQ, DACK, AEN, ADSTB, EOP, IOR_ON, IOW_ON, MEMR_ON, MEMW_ON, IOR, IOW, MEMR, MEMW, DB_ON, DB, A_ON, A };
    static constexpr Pin PINS[] = {
        {"HRQ", 1, -1}, {"DACK", 4, -1}, {"AEN", 1, -1}, {"ADSTB", 1, -1}, {"EOP# driven", 1, -1},
        {"IOR# driven", 1, -1}, {"IOW# driven", 1, -1}, {"MEMR# driven", 1, -1}, {"MEMW# driven", 1, -1},
        {"IOR#", 1, 5}, {"IOW#", 1, 6}, {"MEMR#", 1, 7}, {"MEMW#", 1, 8},
        {"DB driven", 1, -1}, {"DB", 8, 13}, {"A0-A7 driven", 1, -1}, {"A0-A7", 8, 15}};
    static constexpr Pin INPUTS[] = {{"CLK", 1, -1}, {"RESET", 1, -1}, {"CS#", 1, -1}, {"READY", 1, -1}, {"HLDA", 1, -1}, {"DREQ", 4, -1},
                                     {"IOR# in", 1, -1}, {"IOW# in", 1, -1}, {"EOP# in", 1, -1}, {"DB in", 8, -1}, {"A0-A3", 4, -1}};

    static void flat(const Out &o, uint32_t *v) {
        const uint32_t all[] = {o.hrq, o.dack, o.aen, o.adstb, o.eop_oe, o.strobes_oe, o.strobes_oe, o.strobes_oe, o.strobes_oe,
                                o.ior_n, o.iow_n, o.memr_n, o.memw_n, o.db_oe, o.db, o.a_oe, o.a};
        for (size_t n = 0; n < std::size(all); n++) v[n] = all[n];
    }
    static void flat(const In &i, uint32_t *v) {
        const uint32_t all[] = {i.clk, i.reset, i.cs_n, i.ready, i.hlda, i.dreq, i.ior_n, i.iow_n, i.eop_n, i.db, i.a};
        for (size_t n = 0; n < std::size(all); n++) v[n] = all[n];
    }

    State state(int) const { return model.chip.state; }
    SocketSeen seen() const { return {bool(model.chip.now.hrq), bool(model.chip.now.aen), model.chip.state == golden::SC}; }

    In inputs(SocketWorld &w) {
        const Out &shown = model.chip.now;
        In in;
        ChipIn &p = in.part;
        in.world = &w;
        p.reset = w.reset, p.ready = w.ready, p.hlda = w.hlda, p.dreq = w.lines & 0xF;
        p.db = db;
        if (w.busy) {
            p.cs_n = w.unsettled() ? w.noise.bits() & 1 : 0, p.a = w.unsettled() ? w.noise.bits() & 0xF : w.port & 0xF;
            p.db = db = w.unsettled() ? w.noise.bits() : w.data;
        } else if (w.noise_on()) {
            p.cs_n = w.noise.bits() & 1, p.a = w.noise.bits() & 0xF;
            if (w.data_may_move()) p.db = db = w.noise.bits();
        }
        // Strobes and EOP# have two drivers: for the design its own, as they were a clock ago.
        ChipIn d = p;
        p.ior_n = shown.strobes_oe ? shown.ior_n : w.ior_n, p.iow_n = shown.strobes_oe ? shown.iow_n : w.iow_n;
        p.eop_n = w.eop_n && !shown.eop_oe;
        d.ior_n = pads[IOR_ON] ? pads[IOR] : w.ior_n, d.iow_n = pads[IOW_ON] ? pads[IOW] : w.iow_n;
        d.eop_n = w.eop_n && !pads[EOP];
        catch_all(in, d, w);
        return in;
    }

    // The latency window of the guide: three to four fabric clocks after CLK rises, four to five after it falls; as far
    // after a write. An edge between two fabric clocks counts from the later one here, and may be caught a clock later.
    void judge(const SocketWorld &w, const In &in, uint32_t *want, const uint32_t *got, uint32_t *care) {
        for (size_t n = 0; n < std::size(PINS); n++) {
            care[n] = 0;
            pads[n] = got[n];
        }
        clocks++;
        const bool reading = model.chip.reads(in.part);
        if (w.blind || in.part.reset) {
            for (size_t n = 0; n < std::size(PINS); n++) pins[n].begin(want[n]);
            if (reading) pins[DB_ON].begin(0);
            was_rise = false;
            return;
        }
        const int least = was_rise ? 4 : 5;
        // TAHS: A8-A15 stand for some clocks after ADSTB has fallen. TWR: the read strobe ends a clock after the write.
        const bool latched = pins[ADSTB].newest() && !want[ADSTB];
        const bool io_read = rises(IOW, want) && rises(MEMR, want), io_write = rises(MEMW, want) && rises(IOR, want);
        for (int n = 0; n < int(std::size(PINS)); n++) {
            if (reading && (n == DB || n == DB_ON)) continue;
            const int later = (n == DB || n == DB_ON) && latched ? HELD : (n == MEMR && io_read) || (n == IOR && io_write) ? 1 : 0;
            pins[n].expect(want[n], clocks + least + later, clocks + least + 1 + later);
        }
        for (int n = 0; n < int(std::size(PINS)); n++) {
            const Pin &pin = PINS[n];
            const bool driven = pin.enable < 0 || (pins[pin.enable].now && got[pin.enable]);
            want[n] = pins[n].judge(got[n], clocks, driven);
            care[n] = driven ? ~0u >> (32 - pin.width) : 0;
        }
        // A read's data come with IOR#, not with CLK.
        if (reading || w.read_over < READ_ENDS) {
            care[DB] = care[DB_ON] = 0;
            if (reading && w.low >= READ_VALID) {
                want[DB] = model.outputs(in).db, want[DB_ON] = 1;
                care[DB_ON] = 1;
                care[DB] = in.part.a == 8 && w.lines_still < 8 ? 0x0F : 0xFF;
            }
        }
        was_rise = w.rise;
    }

    static const Ports &ports() {
        static const Ports p{1, [](int, int a) { return uint16_t(a); }, 0, 0, 4, false, false};
        return p;
    }
    static Scenario draw(uint64_t seed, uint32_t clocks, uint32_t, std::vector<Step> &steps) {
        Generator generator(ports(), seed);
        Scenario s = generator.scenario(std::max(1u, clocks / 8), 1, steps);
        s.clocks = clocks;
        // Lines move at any fabric clock.
        Random r(seed ^ 0x237);
        for (Step &step : steps)
            if (step.kind >= PROCESSOR_KINDS) step.gap = std::min(255u, 4 * step.gap + r.below(8));
        return s;
    }
    static std::vector<Step> opening() { return {Step{RELOAD, 1, 0, 0, 0, 1}}; }
    static void load_again(uint32_t seed, std::vector<Step> &steps) {
        Generator generator(ports(), seed);
        generator.load_all(steps);
    }

    // The chip's bins, and where in CLK's period each line has moved.
    class Counting {
      public:
        static Bins &table() {
            static Bins all = [] {
                std::vector<Group> groups = Coverage::make();
                groups.push_back({"moves (line, place in CLK's period)",
                                  {{"DREQ", "HLDA up", "HLDA down", "READY", "EOP#", "an access's end"},
                                   {"clock before the fall", "clock before the rise", "as soon as it may", "between"}}});
                groups.push_back({"caught a clock late", {{"CLK", "DREQ", "HLDA", "READY", "EOP#", "IOR#", "IOW#", "A0-A3", "CS#", "DB", "RESET"}}});
                return Bins(groups);
            }();
            return all;
        }
        explicit Counting(uint64_t *bins) : bins(bins), chip(bins) {}
        void before(const Target &t, const In &in, bool fall) {
            chip.before(t.model.chip, in.part, fall);
            const SocketWorld &w = *in.world;
            static const int soonest[LINES_OF_PART] = {4, 4, 4, 2, 3, 1};
            for (int n = 0; n < LINES_OF_PART; n++) {
                if (!w.moved[n]) continue;
                const int ahead = n == READY_MOVES ? 1 : n == ACCESS_ENDS ? 2 : 0;
                const int place = w.clk.until_fall == ahead ? 0 : w.clk.until_rise == ahead + (n == ACCESS_ENDS) ? 1
                                  : w.clk.since_fall == soonest[n] ? 2 : 3;
                bins[table().at(MOVES, n, place)]++;
            }
            for (int n = 0; n < LATE_LINES; n++) bins[table().at(MOVES + 1, n)] += t.late >> n & 1;
        }
        void after(const Target &t, bool fall) { chip.after(t.model.chip, fall); }

      private:
        static constexpr int MOVES = 11, LATE_LINES = 11;
        uint64_t *bins;
        Coverage chip;
    };

  private:
    static constexpr int HELD = 3;        // fabric clocks of 40 ns at 60 MHz
    static constexpr int READ_VALID = 6;  // fabric clocks of IOR# low from which DB counts
    static constexpr int READ_ENDS = 6;   // and after which it floats again

    // A pin's values still to come, each with the clocks from which and by which it must be seen.
    struct Expected {
        struct Value {
            uint32_t value;
            int64_t from, by;
        };
        uint32_t now = 0;
        std::deque<Value> coming;
        void begin(uint32_t value) { now = value, coming.clear(); }
        uint32_t newest() const { return coming.empty() ? now : coming.back().value; }
        void expect(uint32_t value, int64_t from, int64_t by) {
            if (value != newest()) coming.push_back({value, from, by});
        }
        // Returns what the pin should show in this clock, given what it shows.
        uint32_t judge(uint32_t shown, int64_t clock, bool driven) {
            while (!coming.empty() && coming.front().from <= clock) {
                const Value &first = coming.front();
                if (shown != first.value && first.by > clock && driven) break;
                now = first.value;
                coming.pop_front();
                if (driven && shown == now) break;
            }
            return now;
        }
    };
    Expected pins[std::size(PINS)];
    uint32_t pads[std::size(PINS)] = {};
    uint8_t db = 0x5A;
    int64_t clocks = 0;
    bool was_rise = false;
    ChipIn last_design;
    uint8_t last_clk = 0;
    uint32_t late = 0;

    bool rises(int n, const uint32_t *want) const { return !pins[n].newest() && want[n]; }

    // A line that moves in this clock is caught in it, or in the next one; each line of a bus by itself.
    void catch_all(In &in, const ChipIn &now, SocketWorld &w) {
        const ChipIn &was = last_design;
        late = 0;
        auto caught = [&](int line, uint32_t before, uint32_t after) {
            const uint32_t kept = w.skewed ? (before ^ after) & w.catching.bits() : 0;
            late |= uint32_t(kept != 0) << line;
            return after ^ kept;
        };
        const uint8_t clk = w.clk.level;
        in.clk = caught(0, last_clk, clk);
        in.dreq = caught(1, was.dreq, now.dreq), in.hlda = caught(2, was.hlda, now.hlda);
        in.ready = caught(3, was.ready, now.ready), in.eop_n = caught(4, was.eop_n, now.eop_n);
        in.ior_n = caught(5, was.ior_n, now.ior_n), in.iow_n = caught(6, was.iow_n, now.iow_n);
        in.a = caught(7, was.a, now.a), in.cs_n = caught(8, was.cs_n, now.cs_n);
        in.db = caught(9, was.db, now.db), in.reset = caught(10, was.reset, now.reset);
        last_design = now, last_clk = clk;
    }
};

}  // namespace fuzz
