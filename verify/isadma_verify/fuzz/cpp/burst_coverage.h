// Functional coverage of bursts on memory: bins counted from the golden model, whatever the design does.
#pragma once
#include <algorithm>
#include "bins.h"
#include "wishbone_bursts.h"

namespace fuzz {

class BurstCoverage {
  public:
    explicit BurstCoverage(uint64_t *bins) : bins(bins) {}

    static Bins &table() {
        static Bins all(make());
        return all;
    }
    static std::vector<Group> make() {
        const std::vector<const char *> word = {"0", "1", "2", "3"}, yes = {"no", "yes"},
                                        wait = {"at once", "1 clock", "2 clocks", "3 or more"};
        return {
            {"burst ended (first word, a word with ERR)", {word, yes}},
            {"word of a burst (which, answer, wait)", {word, {"ACK", "ERR"}, wait}},
            {"byte from the line (word, burst under way)", {word, yes}},
            {"byte with its word (which of the burst)", {{"first", "later"}}},
            {"burst outlives its service (words left)", {{"1", "2", "3"}}},
            {"waits for a burst's end", {{"read of another line", "write", "the next service"}}},
            {"word of the line read by itself (answer)", {{"ACK", "ERR"}}},
            {"word of the line written (it was there)", {yes}},
            {"RST in a burst (some of it has ended)", {yes}},
        };
    }

    void before(const golden::BurstingDma &m, const golden::WishboneIn &in) {
        const golden::WishboneOut asked = m.WishboneDma::outputs(in);
        const auto way = m.way(asked);
        const int wanted = asked.adr & 3;
        if (in.rst) {
            if (m.bursting()) hit(RST, m.ended > 0);
            waited = 0, failed = false;
            return;
        }
        if (way == m.FROM_LINE) hit(FROM_LINE, wanted, m.bursting());
        if (way == m.WAITS && m.bursting()) {
            if (m.standard(in).ack) hit(WITH_WORD, m.ended > 0);
            if (m.outlived) hit(WAITS, 2);
            else if (asked.we) hit(WAITS, 1);
            else if (!m.in_line(asked)) hit(WAITS, 0);
        }
        if (way == m.ALONE && m.in_line(asked) && (in.ack || in.err)) {
            if (asked.we) hit(WRITTEN, had);
            else hit(BY_ITSELF, in.err);
        }
        // A write takes its word out in its first clock.
        had = asked.we && m.in_line(asked) && (m.there[wanted] || had);
        if (!m.bursting()) return;
        if (!asked.cyc && !m.outlived) hit(OUTLIVES, 4 - m.ended - 1);
        if (!(in.ack || in.err)) {
            waited++;
            return;
        }
        failed |= in.err;
        hit(WORD, m.ended, in.err, std::min(waited, 3));
        waited = 0;
        if (m.ended < 3) return;
        hit(ENDED, m.first, failed);
        failed = false;
    }

  private:
    uint64_t *bins;
    enum { ENDED, WORD, FROM_LINE, WITH_WORD, OUTLIVES, WAITS, BY_ITSELF, WRITTEN, RST };
    int waited = 0;
    bool failed = false, had = false;

    template <class... Values> void hit(int group, Values... values) { bins[table().at(group, values...)]++; }
};

}  // namespace fuzz
