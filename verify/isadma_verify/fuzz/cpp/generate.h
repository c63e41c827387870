// Random scenarios: what software, devices and a processor may do to a design, extremes included.
#pragma once
#include <vector>
#include "steps.h"

namespace fuzz {

// Ports that a board decodes: 8237As in their order, then the page registers. `echo` are the address bits that it does not
// look at there, beside those that choose a register.
struct Block {
    const char *name;
    uint16_t first, last, echo;
    bool has(uint32_t port) const { return (port & IO_LINES) >= first && (port & IO_LINES) <= last; }
    static constexpr uint32_t IO_LINES = 0x3FF;  // A0-A9
};

// How a target's registers are reached, and what its surroundings must not do.
struct Ports {
    int chips;                        // 8237As
    uint16_t (*port)(int chip, int a);  // port of a chip's register
    uint16_t pages, page_count;       // page registers, if any
    uint8_t lines;                    // request lines there are
    bool board;                       // DACK stays active low; DMA 2, where there is one, cascades its channel 0
    bool out1;                        // OUT1 moves
    std::vector<Block> blocks = {};   // a board's
    bool masters = false;             // a card with the bus may hold MASTER# low and do as the processor
};

class Generator {
  public:
    Generator(const Ports &ports, uint64_t seed) : p(ports), r(seed) {}

    // Draws a scenario of about that many clocks.
    Scenario scenario(uint32_t clocks, uint32_t per_state, std::vector<Step> &steps) {
        static const uint8_t strobes[] = {1, 1, 4, 6}, gaps[] = {0, 0, 2, 8};
        static const uint16_t delays[] = {1, 3, 10, 40};
        most_strobe = r.pick(strobes), most_gap = r.pick(gaps), most_delay = r.pick(delays);
        busy_of = 1 + r.below(12), stop_of = 1 + r.below(30), line_of = 1 + r.below(4), grant_of = 4 + r.below(40);
        Scenario s;
        s.clocks = clocks, s.per_state = per_state;
        s.noise = r.one_in(4) ? 0 : r.bits() | 1;
        s.settle = r.one_in(3) ? 3 : 1;
        out = &steps;
        if (r.one_in(2)) grants();
        for (uint32_t spent = 0; spent < clocks;) {
            const size_t from = steps.size();
            operation();
            for (size_t n = from; n < steps.size(); n++) {
                const Step &step = steps[n];
                spent += step.kind == IDLE ? step.count : 2u + step.length + step.gap;
            }
        }
        for (uint32_t spent = 0; spent < clocks;) spent += 1 + wire();
        s.count = uint32_t(steps.size());
        s.steps = steps.data();
        return s;
    }

    // The writes that a target's surroundings always begin with.
    void open(std::vector<Step> &steps) {
        out = &steps;
        if (NOISE) write_all();
        if (p.chips == 2) open_cascade();
    }

    // Loads every channel of every chip: after a RESET that cut a transfer short nobody says what was counted.
    void load_all(std::vector<Step> &steps) {
        out = &steps;
        most_strobe = 1, most_gap = 0;
        if (p.chips == 2) open_cascade();
        for (int chip = 0; chip < p.chips; chip++)
            for (int c = 0; c < 4; c++) channel(chip, c, r.bits());
    }

  private:
    const Ports &p;
    Random r;
    std::vector<Step> *out = nullptr;
    uint8_t most_strobe = 1, most_gap = 0;
    uint16_t most_delay = 1;
    uint32_t busy_of = 1, stop_of = 1, line_of = 1, grant_of = 1;
    uint16_t lines = 0;

    Step &add(Kind kind) {
        out->push_back(Step{kind, 0, 0, 0, 0, 0});
        return out->back();
    }
    void access(Kind kind, uint16_t port, uint8_t data) {
        Step &s = add(kind);
        s.port = port, s.data = data;
        s.length = 1 + r.below(most_strobe), s.gap = r.below(most_gap + 1);
    }
    void idle(uint16_t clocks) { add(IDLE).count = clocks; }
    void write(int chip, int a, uint8_t byte, uint16_t echo = 0) {
        if (p.board) {
            // Two masters on one bus, or a DACK that the board takes for the other level, are no lawful surroundings.
            if (a == 0x8) byte &= ~0x80;
            if (a == 0x8 && chip == 1) byte &= ~0x41;
            if (a == 0xB && chip == 1 && !(byte & 3)) byte = 0xC0;
        }
        access(OUT, p.port(chip, a) | echo, byte);
    }
    // Ports that are none of the design's, by one address bit or altogether; and its own once more, where it does not look
    // at an address bit.
    void beside() {
        const int block = r.below(uint32_t(p.blocks.size()));
        const Block &b = p.blocks[block];
        const uint16_t echo = r.bits() & b.echo;
        const bool reading = r.one_in(2);
        if (r.one_in(4)) {
            if (block == p.chips || reading) access(reading ? IN : OUT, (b.first + r.below(b.last - b.first + 1)) | echo, r.bits());
            else write(block, r.below(16), r.bits(), echo);
            return;
        }
        uint16_t port = r.one_in(4) ? r.bits() : uint16_t(b.first + r.below(b.last - b.first + 1)) ^ 1u << r.below(10);
        bool own = false;
        for (const Block &each : p.blocks) own |= each.has(port);
        access(own || reading ? IN : OUT, port, r.bits());
    }
    // Gives every register the zero that the model begins with, where the design's memories begin with noise.
    void write_all() {
        for (int chip = 0; chip < p.chips; chip++) {
            write(chip, 0xC, 0);
            for (int c = 0; c < 4; c++) access(OUT, p.port(chip, 0xB), c);
            for (int a = 0; a < 8; a++) write(chip, a, 0), write(chip, a, 0);
        }
        for (int n = 0; n < p.page_count; n++) access(OUT, p.pages + n, 0);
    }
    // DMA 2's channel 0 is DMA 1's way to the bus.
    void open_cascade() { write(1, 0xB, 0xC0), write(1, 0xA, 0x00); }

    void channel(int chip, int c, uint8_t mode) {
        static const uint16_t counts[] = {0, 0, 1, 2, 3, 7, 300}, lows[] = {0, 1, 0xFE, 0xFF};
        const uint16_t address = r.one_in(2) ? r.bits() : (r.bits() << 8 | r.pick(lows)), count = r.pick(counts);
        write(chip, 0xC, r.bits());
        write(chip, 0xB, (mode & 0xFC) | c);
        write(chip, 2 * c, address), write(chip, 2 * c, address >> 8);
        write(chip, 2 * c + 1, count), write(chip, 2 * c + 1, count >> 8);
        write(chip, 0xA, c);
    }
    uint8_t command() {
        uint8_t value = r.bits();
        if (!r.one_in(5)) value &= ~0x04;
        if (r.one_in(2)) value &= ~0x01;
        return value;
    }
    void memory_to_memory(int chip) {
        channel(chip, 0, r.bits()), channel(chip, 1, r.bits());
        write(chip, 0x8, (command() & ~0x04) | 0x01);
        write(chip, 0x9, 0x04);
        idle(30);
    }
    void operation() {
        static const uint16_t idles[] = {1, 3, 10, 40, 100};
        const int chip = r.below(p.chips);
        const uint32_t kind = r.below(1000);
        if (kind < 280) channel(chip, r.below(4), r.bits());
        else if (kind < 330) memory_to_memory(chip);
        else if (kind < 400) write(chip, 0x8, command());
        else if (kind < 480) write(chip, 0x9, r.bits());
        else if (kind < 520) write(chip, r.one_in(2) ? 0xE : 0xF, r.bits());
        else if (kind < 550) write(chip, 0xA, r.bits());
        else if (kind < 580) write(chip, 0xB, r.bits());
        else if (kind < 640) write(chip, r.below(16), r.bits());
        else if (kind < 670) {
            for (int a = 0; a < 16; a++) access(IN, p.port(chip, a), 0);
            access(IN, p.port(chip, 8), 0);  // what the first read has cleared is gone
        } else if (kind < 740) access(IN, p.port(chip, r.below(16)), 0);
        else if (kind < 760) access(IN, p.port(chip, 8), 0), access(IN, p.port(chip, 8), 0);
        else if (kind < 775) write(chip, 0xD, 0), write(chip, 0x8, command() | 0x10), write(chip, 0xE, 0);
        else if (kind < 820 && p.page_count) access(r.one_in(2) ? IN : OUT, p.pages + r.below(p.page_count), r.bits());
        else if (kind < 825) add(RESET).length = 1 + r.below(3);
        else if (kind < 830) {
            Step &s = add(RELOAD);
            s.length = 1 + r.below(3), s.count = r.bits();
        } else if (kind < 890 && p.board) beside();
        else idle(r.pick(idles));
    }

    void grants() {
        static const uint8_t late[] = {0, 0, 1, 4};
        Step &s = add(GRANT);
        s.length = r.pick(late), s.data = r.pick(late);
    }
    // Adds one event; returns the clocks until it.
    uint32_t wire() {
        const uint8_t gap = r.below(most_delay + 1);
        Step *s;
        if (r.one_in(grant_of)) grants(), s = &out->back();
        else if (r.one_in(20)) s = &add(DROP);
        else if (r.one_in(busy_of)) (s = &add(BUSY))->count = 1 + r.below(4);
        else if (r.one_in(stop_of)) (s = &add(STOP))->count = 1 + r.below(3);
        else {
            for (uint32_t n = 0; n < line_of; n++) lines ^= 1 << r.below(p.lines);
            if (p.out1 && r.one_in(3)) lines ^= 0x100;
            (s = &add(LINES))->port = lines;
        }
        s->gap = gap;
        return gap;
    }
};

}  // namespace fuzz
