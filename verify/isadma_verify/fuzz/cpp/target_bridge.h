// The bridge as a target: what the golden one has made of a frame at once must come out of the design by and by, in order:
// each clock of the board, each access to memory, each bit of the answer.
#pragma once
#include "bins.h"
#include "bridge_world.h"
#include "chip.h"
#include "rtl.h"

namespace fuzz {

using golden::State;

struct BridgeIn {
    uint8_t rst = 0, rx = 1, hrq = 0, lines = 0xFF, dack_n = 0xFF, irq = 0, written = 0, beyond = 0, uneventful = 0;
    uint16_t d = 0;
    uint32_t address = 0;
};
struct BridgeOut {};

struct BridgeModel {
    golden::Bridge bridge{BRIDGE_MEMORY_BITS, BRIDGE_DIVISOR, BRIDGE_KIND};
    BridgeOut outputs(const BridgeIn &) const { return {}; }
    void clock(const BridgeIn &, bool, bool) {}
};

struct Target {
    using In = BridgeIn;
    using Out = BridgeOut;
    using Surroundings = BridgeWorld;

    BridgeModel model;
    Rtl rtl;

    enum { TX, BUSY, ATTENTION, TICK, RESET, HLDA, PORT, IOR, IOW, D, DRQ, HOST, MEMORY_READ, MEMORY_WRITE };
    static constexpr Pin PINS[] = {{"TX", 1, -1}, {"busy", 1, -1}, {"attention", 1, -1}, {"clock counts", 1, -1}, {"RESET", 1, -1},
                                   {"HLDA", 1, -1}, {"A0-A15", 16, -1}, {"IOR#", 1, -1}, {"IOW#", 1, -1}, {"D0-D15", 16, -1},
                                   {"DRQ", 8, -1}, {"host's channels", 8, -1}, {"memory read", 1, -1}, {"memory write", 1, -1}};
    static constexpr Pin INPUTS[] = {{"RST", 1, -1}, {"RX", 1, -1}, {"HRQ", 1, -1}, {"D in", 16, -1}, {"lines", 8, -1}, {"DACK#", 8, -1}, {"address", 24, -1},
                                     {"IRQ", 1, -1}, {"written", 1, -1}, {"beyond", 1, -1}, {"uneventful", 1, -1}};

    static void flat(const Out &, uint32_t *v) { std::fill_n(v, std::size(PINS), 0); }
    static void flat(const In &i, uint32_t *v) {
        const uint32_t all[] = {i.rst, i.rx, i.hrq, i.d, i.lines, i.dack_n, i.address, i.irq, i.written, i.beyond, i.uneventful};
        for (size_t n = 0; n < std::size(all); n++) v[n] = all[n];
    }

    State state(int) const { return golden::SI; }
    BridgeSeen seen() const { return {!working}; }

    In inputs(BridgeWorld &w) {
        if (image.empty())
            for (uint32_t n = 0; n < 1u << BRIDGE_MEMORY_BITS; n++) image.push_back(w.cell(n)), cells.push_back(w.cell(n));
        const golden::BoardPins b = w.board(ticks);
        In in;
        in.rst = w.rst, in.rx = w.rx, in.hrq = b.hrq, in.lines = b.lines, in.dack_n = b.dack_n, in.irq = b.irq, in.written = b.written, in.beyond = b.beyond;
        in.address = b.address, in.uneventful = w.uneventful(ticks);
        // What memory shows counts in the clock after the third of an access.
        in.d = reading == READ_CLOCKS ? shown | shown << 8 : b.d;
        return in;
    }

    void judge(const BridgeWorld &w, const In &in, uint32_t *want, const uint32_t *got, uint32_t *care) {
        golden::Bridge &b = model.bridge;
        std::fill_n(care, std::size(PINS), 0);
        auto expect = [&](int pin, uint32_t value) { want[pin] = value, care[pin] = ~0u >> (32 - PINS[pin].width); };
        if (in.rst) {
            // Nothing is left but the board's time, and memory.
            b = BridgeModel().bridge, b.ticks = ticks, working = heard = must_go_on = false, reading = bit = still = 0, watched = 0, host = 0xFF;
            next_clock = next_access = sent = 0;
            return;
        }
        hear(w);
        // The clocks that count for the board, and what it sees in each.
        expect(IOR, 1), expect(IOW, 1);
        if (got[TICK]) {
            if (next_clock == b.clocks.size()) {
                expect(TICK, 0);
            } else {
                const golden::BoardClock &c = b.clocks[next_clock++];
                expect(IOR, c.ior_n), expect(IOW, c.iow_n), expect(HLDA, c.hlda), expect(RESET, c.reset), expect(DRQ, c.drq), expect(HOST, c.host);
                if (c.accessing) expect(PORT, c.port);
                if (c.data) expect(D, c.d);
            }
        } else if (!working) {
            expect(HLDA, b.hlda), expect(RESET, b.reset), expect(DRQ, b.drq), expect(HOST, b.host);
        }
        // Where nothing may come, every clock counts.
        if (must_go_on) expect(TICK, 1);
        must_go_on = got[TICK] && next_clock && b.clocks[next_clock - 1].goes_on && in.uneventful && !(~in.dack_n & got[HOST] & 0xFF) && !got[RESET];
        memory(want, got, care);
        answer(want, got, care);
        // The host has to act: it sees something else than in the last clock that counted.
        const golden::BoardPins pins = w.board(ticks);
        still = got[TICK] || got[HOST] != host ? 0 : still + 1;
        host = got[HOST];
        if (still > 2) expect(ATTENTION, golden::Bridge::watched(pins, host) != watched);
        if (got[TICK]) watched = golden::Bridge::watched(pins, host), ticks++;
        // Everything has come, or should have by now.
        const bool all = next_clock == b.clocks.size() && next_access == b.memory.size() && sent == b.answer.size() && !bit;
        if (working && sent == b.answer.size() && !bit && !all) expect(TICK, 1);
        begun |= got[TICK] || got[MEMORY_READ] || got[MEMORY_WRITE] || bit;
        if (working && begun && !all) expect(BUSY, 1);
        if (working && all && !got[BUSY]) working = false;
        else if (working && age++ > bound) expect(BUSY, !got[BUSY]);
        if (!working) expect(BUSY, 0);
    }

    static Scenario draw(uint64_t seed, uint32_t clocks, uint32_t per_state, std::vector<Step> &steps) {
        static const uint8_t sets[] = {0, 1, 2, 3, 4, 6, 6, 7, 7, 7, 8}, gets[] = {0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 12, 14, 15};
        static const uint8_t actions[] = {0, 0, 0, 1, 1, 2, 2, 3, 4, 5, 5};
        static const uint16_t counts[] = {0, 1, 2, 3, 7, 20, 60, 300}, ports[] = {0x0000, 0x00FF, 0x03FF, 0x07FE, 0x7E7D, 0xFFFF};
        Random r(seed);
        Scenario s;
        // A long frame, or answer, is as long as many short ones.
        const bool far = r.one_in(8);
        if (far) clocks *= 8;
        s.clocks = clocks, s.per_state = per_state, s.noise = r.one_in(10) ? 0 : r.bits() | 1;
        const uint32_t most = 1 + r.below(12);
        for (uint32_t spent = 0; spent < clocks;) {
            Step head{FRAME, uint8_t(r.one_in(3) ? r.below(BridgeWorld::DEFECTS) : 0), uint8_t(r.below(20)), 0, 0, uint16_t(r.bits())};
            if (r.one_in(2)) head.data = 8 | r.below(8);
            if (r.one_in(12)) steps.push_back(Step{fuzz::RESET, uint8_t(1 + r.below(3)), 0, 0, 0, 0}), spent += 40;
            steps.push_back(head);
            spent += 16 * 10 * BRIDGE_DIVISOR;
            for (uint32_t n = r.below(most + 1); n; n--) {
                const uint32_t kind = r.below(20);
                Step c{COMMAND, uint8_t(r.one_in(5)), 0, 0, uint16_t(r.one_in(3) ? r.pick(ports) : r.bits()), r.pick(counts)};
                c.data = kind < 6 ? 0x10 | r.pick(sets) : kind < 11 ? 0x20 | r.pick(gets) : kind < 19 ? 0x30 | r.pick(actions) : r.one_in(4) ? 0x00 : 0x20;
                if (c.data == 0x18) c.port &= r.one_in(3) ? 1 : 0;
                if (far && (c.data == 0x33 || c.data == 0x34)) c.count = r.below(190);
                if ((c.data == 0x30 || c.data == 0x35) && r.one_in(8)) c.count = r.bits();
                if (c.data == 0x10 && r.one_in(2)) {
                    // All of N, and back to few.
                    steps.push_back(Step{COMMAND, 0, 0, 0x15, c.port, 0}), steps.push_back(Step{COMMAND, 0, 0, 0x29, 0, 0});
                    c.data = 0x15, c.port = 0;
                }
                steps.push_back(c);
                spent += 3 * 10 * BRIDGE_DIVISOR;
            }
        }
        s.count = uint32_t(steps.size()), s.steps = steps.data();
        return s;
    }
    static std::vector<Step> opening() { return {}; }
    static void load_again(uint32_t, std::vector<Step> &) {}

    // What frames have asked for, what came of them, and what their answers said.
    class Counting {
      public:
        static Bins &table() {
            static Bins all({{"set register", {{"A0", "A1", "D0", "D1", "N0", "N1", "DRQ", "host's channels", "RESET"}}},
                             {"read register", {{"status", "lines", "DACK#", "A0", "A1", "A2", "D0", "D1", "N0", "N1", "divisor", "board", "protocol", "memory"}}},
                             {"command (ends)", {{"end", "RUN, no clocks left", "RUN, the host has to act", "IN", "OUT", "READ of nothing", "READ", "WRITE of nothing",
                                                  "WRITE", "ACQUIRE, free at once", "ACQUIRE, free after clocks", "ACQUIRE, not free"}}},
                             {"frame", {{"done", "the same number again", "wrong CRC", "a byte without a stop bit", "first after RST"}}},
                             {"status of an answer (bit, value)", {{"attention", "aborted", "HRQ", "HLDA", "IRQ", "written"}, {"0", "1"}}}});
            return all;
        }
        explicit Counting(uint64_t *bins) : bins(bins) {}
        void before(const Target &, const In &in, bool) { reset |= in.rst; }
        void after(const Target &t, bool) {
            if (!t.heard) return;
            const golden::Bridge &b = t.model.bridge;
            if (b.fate != golden::Bridge::NOTHING) hit(3, b.fate - 1);
            if (b.fate != golden::Bridge::DONE) return;
            if (reset) hit(3, 4), reset = false;
            for (int n = 0; n < 6; n++) hit(4, n, b.status >> n & 1);
            for (const auto &m : b.met) {
                const int r = m.command & 0xF, kind = m.command >> 4 & 3, action = m.command & 7;
                static const int8_t reads[16] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, -1, 11, -1, 12, 13}, ends[6] = {1, 3, 4, 5, 7, 9};
                if (kind == 0) hit(2, 0);
                else if (kind == 1 && r < 9) hit(0, r);
                else if (kind == 2 && reads[r] >= 0) hit(1, reads[r]);
                else if (kind == 3 && action < 6) hit(2, ends[action] + (action == 5 && m.outcome ? 3 - m.outcome : m.outcome));
            }
        }

      private:
        uint64_t *bins;
        bool reset = false;
        template <class... Values> void hit(int group, Values... values) { bins[table().at(group, values...)]++; }
    };

  private:
    static constexpr int READ_CLOCKS = 3;
    std::vector<uint8_t> image, cells;  // memory as the design writes it, and as the model does
    uint64_t ticks = 0;
    size_t next_clock = 0, next_access = 0, sent = 0;
    bool working = false, heard = false, begun = false, must_go_on = false;
    int reading = 0, bit = 0, age = 0, bound = 0, still = 0;
    uint8_t shown = 0;
    uint32_t watched = 0, host = 0xFF;

    // A byte has come to the bridge: what becomes of it is known at once.
    void hear(const BridgeWorld &w) {
        heard = w.arrived >= 0;
        if (!heard) return;
        golden::Bridge &b = model.bridge;
        b.met.clear(), b.answer.clear(), b.clocks.clear(), b.memory.clear();
        next_clock = next_access = sent = 0;
        auto board = [&](uint64_t n) { return w.board(n); };
        auto cell = [&](uint32_t address) -> uint8_t & { return cells[address]; };
        if (w.arrived > 0xFF) b.broken();
        else b.byte(uint8_t(w.arrived), board, cell);
        working = !b.answer.empty(), begun = false, age = 0;
        bound = 200 + 4 * int(b.clocks.size()) + 10 * int(b.memory.size()) + 30 * int(b.met.size()) + 12 * BRIDGE_DIVISOR * int(b.answer.size() + 2);
    }

    void memory(uint32_t *want, const uint32_t *got, uint32_t *care) {
        const golden::Bridge &b = model.bridge;
        auto expect = [&](int pin, uint32_t value) { want[pin] = value, care[pin] = ~0u >> (32 - PINS[pin].width); };
        const uint32_t at = got[PORT] & (image.size() - 1);
        auto next = [&](bool write) { return next_access < b.memory.size() && b.memory[next_access].write == write ? &b.memory[next_access] : nullptr; };
        if (const golden::MemoryAccess *m = next(true); got[MEMORY_WRITE]) {
            expect(MEMORY_WRITE, m != nullptr);
            if (m) expect(PORT, m->port), expect(D, m->byte << 8 | m->byte), next_access++;
            image[at] = got[D];
        }
        if (got[MEMORY_READ]) {
            const golden::MemoryAccess *m = next(false);
            expect(MEMORY_READ, m != nullptr && reading < READ_CLOCKS);
            if (m) expect(PORT, m->port);
            reading++, shown = image[at];
        } else {
            if (reading) expect(MEMORY_READ, reading < READ_CLOCKS), next_access++;
            reading = 0;
        }
    }

    // Eight bits, no parity, one stop bit, each of so many clocks; nothing that is not asked for.
    void answer(uint32_t *want, const uint32_t *got, uint32_t *care) {
        const golden::Bridge &b = model.bridge;
        if (!bit && sent == b.answer.size()) {
            want[TX] = care[TX] = 1;
            return;
        }
        if (!bit && got[TX]) return;
        const int place = bit++ / BRIDGE_DIVISOR;
        want[TX] = place == 0 ? 0 : place < 9 ? b.answer[sent] >> (place - 1) & 1 : 1, care[TX] = 1;
        if (bit == 10 * BRIDGE_DIVISOR) bit = 0, sent++;
    }
};

}  // namespace fuzz
