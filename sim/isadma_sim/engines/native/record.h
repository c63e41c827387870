// A run recorded as rows of pins, one wherever a pin changed: timeline/recorder.py, in C++. Python takes the rows.
#pragma once
#include <cstdint>
#include <cstring>
#include <vector>

#include "chipset.h"

namespace {

// Rows after which the loop comes back to have them taken.
constexpr uint64_t ROWS_KEPT = 1 << 14;

struct Recording {
    struct row {
        uint64_t clock, in, out, lines;
    };

    std::vector<row> rows;
    std::vector<uint8_t> planes;
    row last{};
    bool on = false;

    void begin(bool records) {
        on = records;
        last = {0, ~uint64_t(0), ~uint64_t(0), ~uint64_t(0)};
    }

    bool full() const { return rows.size() >= ROWS_KEPT; }

    // What the interrupt controllers show: requests, INT, in-service bits and masks.
    static uint64_t lines_of(const isadma_chips &chips) {
        const isadma::pic &master = chips.pics[0], &slave = chips.pics[1];
        const uint32_t cascade = chips.pair ? 1u << CASCADE : 0;
        return uint64_t((master.lines & ~cascade) | slave.lines << 8) | uint64_t(master.int_out != 0) << 16 |
               uint64_t(master.isr | slave.isr << 8) << 17 | uint64_t(master.imr | slave.imr << 8) << 33;
    }

    // Packs the rows as timeline/planes.py does, and forgets them; returns which planes are there.
    uint32_t pack(uint64_t clock, uint8_t *to) {
        const uint64_t count = rows.size();
        planes.assign(32 * count, 0);
        uint64_t any[4] = {};
        row before{clock, 0, 0, 0};
        for (uint64_t at = 0; at < count; at++) {
            const row &now = rows[at];
            const uint64_t change[4] = {now.clock - before.clock, now.in ^ before.in, now.out ^ before.out,
                                        now.lines ^ before.lines};
            for (int number = 0; number < 4; number++) {
                any[number] |= change[number];
                uint8_t *plane = &planes[8 * number * count + at];
                for (uint64_t left = change[number]; left; left >>= 8, plane += count)
                    *plane = uint8_t(left);
            }
            before = now;
        }
        uint32_t mask = 0;
        for (uint32_t plane = 0; plane < 32; plane++) {
            if (!(any[plane / 8] >> 8 * (plane % 8) & 0xFF))
                continue;
            mask |= 1u << plane;
            memcpy(to, &planes[plane * count], count);
            to += count;
        }
        rows.clear();
        return mask;
    }

    void note(uint64_t clock, uint64_t in, uint64_t out, const isadma_chips &chips) {
        const uint64_t lines = lines_of(chips);
        // What nobody drives has no value: engines differ there.
        out &= ~((out & OUT_A_OE ? 0 : OUT_A) | (out & OUT_D_OE ? 0 : OUT_D));
        if (in == last.in && out == last.out && lines == last.lines)
            return;
        last = {clock, in, out, lines};
        rows.push_back(last);
    }
};

}  // namespace
