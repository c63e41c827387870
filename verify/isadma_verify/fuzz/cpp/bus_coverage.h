// Functional coverage of Wishbone: bins counted from the golden model and the two buses, whatever the design does.
#pragma once
#include <algorithm>
#include "bins.h"
#include "wishbone.h"

namespace fuzz {

class BusCoverage {
  public:
    explicit BusCoverage(uint64_t *bins) : bins(bins) {}

    static Bins &table() {
        static Bins all(make());
        return all;
    }
    static std::vector<Group> make() {
        const std::vector<const char *> way = {"read", "write"}, answer = {"ACK", "ERR"}, lane = {"0", "1", "2", "3"},
                                        wait = {"at once", "1 clock", "2 clocks", "3 or more"},
                                        what = {"chip", "page", "error bits", "beyond", "no lane"},
                                        clocks = {"1", "2", "3", "4", "5", "6", "7 or more"};
        return {
            {"access acknowledged (to, direction)", {what, way}},
            {"access given up (to, direction)", {what, way}},
            {"chip's access given up after (clocks, direction)", {clocks, way}},
            {"access follows at once (before, after)", {what, what}},
            {"access waits for the service's end (direction)", {way}},
            {"HLDA waits for an access (direction)", {way}},
            {"taking the bus (answer, wait)", {answer, wait}},
            {"memory transfer (kind, answer, wait, lane)", {{"read", "write", "copy's read", "copy's write"}, answer, wait, lane}},
            {"ERR in (service, kind)", {{"demand", "single", "block", "memory to memory"}, way}},
            {"after ERR (memory untouched)", {way}},
            {"at once",
             {{"page written while a transfer waits", "page written for the transfer that begins", "error bit cleared in the clock of an ERR",
               "error bits of two channels", "access given up as HRQ rises", "STB without CYC", "CYC without STB"}}},
            {"RST in", {{"no access", "own access", "chip's write", "chip's read", "taking the bus", "transfer", "service"}}},
        };
    }

    void before(const golden::WishboneDma &m, const golden::WishboneIn &in) {
        const golden::WishboneOut out = m.outputs(in);
        if (in.rst) {
            hit(RST, m.age < 2 ? 0 : !m.slow() ? 1 : m.writing ? 2 : 3);
            if (m.hold == m.TAKING) hit(RST, 4);
            if (m.transfer == m.ASKED) hit(RST, 5);
            else if (m.hlda()) hit(RST, 6);
            asked = waited = 0, last = -1;
            return;
        }
        access(m, in, out);
        memory(m, in, out);
        if (in.stb && !in.cyc) hit(AT_ONCE, 5);
        if (in.cyc && !in.stb) hit(AT_ONCE, 6);
        if (m.errors & (m.errors - 1)) hit(AT_ONCE, 3);
        hrq = m.chip.now.hrq;
    }

  private:
    uint64_t *bins;
    enum { ACKED, GIVEN_UP, CHIP_GIVEN_UP, FOLLOWS, WAITS, HLDA_WAITS, TAKING, TRANSFER, ERROR, UNTOUCHED, AT_ONCE, RST };
    int asked = 0, waited = 0, last = -1;
    bool hrq = false, asking_write = false;
    golden::Addressed to = golden::NO_LANE;

    template <class... Values> void hit(int group, Values... values) { bins[table().at(group, values...)]++; }

    void access(const golden::WishboneDma &m, const golden::WishboneIn &in, const golden::WishboneOut &out) {
        if (!(in.cyc && in.stb)) {
            if (asked) {
                hit(GIVEN_UP, to, asking_write);
                if (to == golden::OF_CHIP) hit(CHIP_GIVEN_UP, std::min(asked, 7) - 1, asking_write);
                if (m.chip.now.hrq && !hrq) hit(AT_ONCE, 4);
            }
            asked = 0, last = -1;
            return;
        }
        to = m.addressed(in.adr, in.sel), asking_write = in.we;
        if (!asked && last >= 0) hit(FOLLOWS, last, to);
        last = -1, asked++;
        if (to == golden::OF_CHIP && m.hold == m.OWNED && !m.age) hit(WAITS, in.we);
        if (m.chip_is_accessed() && m.hold == m.OWNED && !m.granted) hit(HLDA_WAITS, m.writing);
        if (!out.ack) return;
        hit(ACKED, to, in.we);
        asked = 0, last = to;
        if (!in.we || to != golden::OF_PAGES) return;
        if (m.transfer == m.ASKED && m.chip.served == (in.adr & 3)) hit(AT_ONCE, 0);
        if (begins(m) && m.chip.served == (in.adr & 3)) hit(AT_ONCE, 1);
    }

    static bool begins(const golden::WishboneDma &m) { return m.transfer == m.NONE && m.hold == m.OWNED && m.memr(); }

    void memory(const golden::WishboneDma &m, const golden::WishboneIn &in, const golden::WishboneOut &out) {
        if (begins(m) && m.stopped()) hit(UNTOUCHED, 0);
        if (m.transfer == m.NONE && m.hold == m.OWNED && m.memw() && m.stopped()) hit(UNTOUCHED, 1);
        if (!out.stb) return;
        if (!(in.ack || in.err)) {
            waited++;
            return;
        }
        const int wait = std::min(waited, 3);
        waited = 0;
        if (m.hold == m.TAKING) {
            hit(TAKING, in.err, wait);
            return;
        }
        const bool chained = m.chip.state >= golden::S11;
        hit(TRANSFER, (chained ? 2 : 0) + m.to_memory, in.err, wait, m.lane);
        if (!in.err) return;
        hit(ERROR, chained ? 3 : int(m.chip.r.channel[m.chip.served].service()), m.to_memory);
        if (m.outputs(in).ack && in.we && m.of == golden::OF_ERRORS && in.dat_w >> m.chip.served & 1) hit(AT_ONCE, 2);
    }
};

}  // namespace fuzz
