// The 8237A on Wishbone with bursts on memory: what stands between its transfers and the bus; one call for each clock.
// Ref: OpenCores, WISHBONE revision B4, chapter 4; the guide, "In a system-on-chip of your own", "Bursts on memory".
#pragma once
#include "wishbone.h"

namespace golden {

struct BurstingOut : WishboneOut {
    uint8_t cti = 0, bte = 0;
};

struct BurstingDma : WishboneDma {
    // What becomes, in this clock, of the transfer that the DMA asks for.
    enum Way : uint8_t { NOTHING, FROM_LINE, ALONE, BEGINS, WAITS };

    // The line: four words from a multiple of four on, each of them there or not.
    bool is_line = false, there[4] = {};
    uint32_t line = 0, words[4] = {};
    // The burst: its words that have ended, or -1 for none under way, and the one that it began with.
    int ended = -1, first = 0;
    // A service has read; a burst has outlived its service, and the clock after it, in which the bus is left.
    bool has_read = false, outlived = false;

    bool bursting() const { return ended >= 0; }
    int word() const { return (first + ended) & 3; }
    bool in_line(const WishboneOut &asked) const { return is_line && asked.adr >> 2 == line; }
    static bool reads(const WishboneOut &asked) { return asked.stb && !asked.we && asked.sel; }

    Way way(const WishboneOut &asked) const {
        if (!asked.stb) return NOTHING;
        if (reads(asked) && in_line(asked) && there[asked.adr & 3]) return FROM_LINE;
        if (bursting() || outlived) return WAITS;
        return reads(asked) && has_read && !in_line(asked) ? BEGINS : ALONE;
    }

    // What the DMA sees in place of memory's answers.
    WishboneIn standard(const WishboneIn &in) const {
        const WishboneOut asked = WishboneDma::outputs(in);
        WishboneIn seen = in;
        seen.ack = seen.err = 0;
        switch (way(asked)) {
            case FROM_LINE: seen.ack = 1, seen.dat_r = words[asked.adr & 3]; break;
            case ALONE: seen.ack = in.ack, seen.err = in.err; break;
            case WAITS: seen.ack = in.ack && bursting() && reads(asked) && in_line(asked) && word() == int(asked.adr & 3); break;
            default: break;
        }
        return seen;
    }

    BurstingOut outputs(const WishboneIn &in) const {
        BurstingOut out{WishboneDma::outputs(in)};
        const Way now = way(out);
        if (bursting()) {
            out.cyc = out.stb = 1, out.we = 0, out.sel = 0xF;
            out.adr = line << 2 | word();
            out.cti = ended == 3 ? 7 : 2, out.bte = 1;
            return out;
        }
        out.cyc = out.cyc && !outlived;
        out.stb = now == ALONE;
        return out;
    }

    void clock(const WishboneIn &in, bool = true, bool = true) {
        const WishboneOut asked = WishboneDma::outputs(in);
        const Way now = way(asked);
        WishboneDma::clock(standard(in));
        if (in.rst) {
            ended = -1, outlived = false;
            forget();
            return;
        }
        const bool answered = in.ack || in.err;
        outlived = bursting() && (outlived || !asked.cyc);
        if (bursting() && answered) {
            // What comes for a service that is over, or with ERR, is nobody's.
            if (in.ack && is_line) words[word()] = in.dat_r, there[word()] = true;
            if (++ended == 4) ended = -1;
        }
        if (now == BEGINS) {
            forget();
            is_line = has_read = true, line = asked.adr >> 2, first = asked.adr & 3, ended = 0;
        }
        if (now == ALONE && asked.we && in_line(asked)) there[asked.adr & 3] = false;
        if (now == ALONE && reads(asked) && answered) has_read = true;
        if (!asked.cyc) forget();
    }

  private:
    void forget() {
        is_line = has_read = false;
        for (bool &one : there) one = false;
    }
};

}  // namespace golden
