// Keeps some clocks of a scenario, and the registers around them.
#pragma once
#include <algorithm>
#include <cstring>
#include "play.h"

namespace fuzz {

// The registers of one chip, as a program would see them; the request lines are none of them.
struct Snapshot {
    uint16_t address[4], count[4], base_address[4], base_count[4];
    uint8_t mode[4], command, status, request, mask, temporary, high_byte;
    uint8_t state, served;
};

struct Recorder {
    static constexpr uint32_t WORDS = INPUTS + 2 * PINS + 1;

    uint32_t from, count, *rows;
    Snapshot *registers;  // of every chip before, then of every chip after
    uint64_t *bins;
    std::vector<uint64_t> kept{};

    void operator()(const Moment &m) {
        if (m.clock == from) {
            keep(m.target, registers);
            std::fill_n(bins, Target::Counting::table().size(), 0);
        }
        if (m.clock == from + count) {
            keep(m.target, registers + Target::CHIPS);
            kept.assign(bins, bins + Target::Counting::table().size());
        }
        if (m.clock >= from && m.clock < from + count) {
            uint32_t *row = rows + size_t(m.clock - from) * WORDS;
            row = std::copy_n(m.in, INPUTS, row);
            row = std::copy_n(m.want, PINS, row);
            row = std::copy_n(m.care, PINS, row);
            *row = m.target.state(0);
        }
    }
    // What came after the last clock kept counts as little as what came before the first.
    ~Recorder() {
        if (!kept.empty()) std::copy(kept.begin(), kept.end(), bins);
    }

  private:
    static void keep(const Target &target, Snapshot *to) {
        for (int n = 0; n < Target::CHIPS; n++) {
            const golden::Chip &chip = target.chip(n);
            const golden::Registers &r = chip.r;
            for (int c = 0; c < 4; c++) {
                const golden::Channel &channel = r.channel[c];
                to[n].address[c] = channel.address, to[n].count[c] = channel.count;
                to[n].base_address[c] = channel.base_address, to[n].base_count[c] = channel.base_count;
                to[n].mode[c] = channel.mode;
            }
            to[n].command = r.command, to[n].status = r.status, to[n].request = r.request, to[n].mask = r.mask;
            to[n].temporary = r.temporary, to[n].high_byte = r.high_byte, to[n].state = chip.state, to[n].served = chip.served;
        }
    }
};

}  // namespace fuzz
