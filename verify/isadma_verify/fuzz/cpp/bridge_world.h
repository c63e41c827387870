// The surroundings of the bridge: a host that sends frames, whole ones and others, and a board that shows this and that.
// Ref: the guide, "Boards": Frames, Commands.
#pragma once
#include <vector>
#include "bridge.h"
#include "steps.h"

namespace fuzz {

// What the host has to know: nothing of its last frame is still to come.
struct BridgeSeen {
    bool idle;
};

class BridgeWorld {
  public:
    static constexpr int DIVISOR = BRIDGE_DIVISOR, MOST_BODY = 200, MOST_RESULTS = 200;
    enum Defect : uint8_t { WHOLE, SAME_NUMBER, WRONG_BIT, SHORT, NO_STOP, AFTER_NOISE, DEFECTS };

    uint8_t rx = 1, rst = 0;
    int arrived = -1;  // the byte whose stop bit begins in this clock; 256: one that has none
    bool done = false, rise = true, fall = true;
    uint32_t seed;
    Random noise;

    BridgeWorld(const Scenario &s, std::vector<Step>, void (*)(uint32_t, std::vector<Step> &)) : seed(s.noise), noise(s.noise) {
        for (uint32_t n = 0; n < s.count; n++)
            if (s.steps[n].kind == FRAME || s.steps[n].kind == COMMAND || s.steps[n].kind == RESET) steps.push_back(s.steps[n]);
        while (at < steps.size() && steps[at].kind == COMMAND) at++;
        for (auto &each : slow) each = noise.below(5);
    }

    void clock(const BridgeSeen &seen) {
        arrived = -1;
        if (rst) {
            rst = --resetting > 0;
            return;
        }
        if (place == line.size()) {
            rx = glitch();
            if (!seen.idle) quiet = 0;
            else if (++quiet > pause) next();
            return;
        }
        if (place && !line[place - 1].stop && !phase && ++rest < 24 * DIVISOR) {
            rx = 1;  // long enough for the line to be idle
            return;
        }
        const Bits &now = line[place];
        rest = 0;
        const int bit = phase / DIVISOR;
        rx = bit == 0 ? 0 : bit < 9 ? now.byte >> (bit - 1) & 1 : now.stop;
        if (phase == 9 * DIVISOR) arrived = now.stop ? now.byte : 256;
        if (++phase < 10 * DIVISOR) return;
        phase = 0, place++;
        quiet = 0;
    }

    // The board after so many of its clocks.
    golden::BoardPins board(uint64_t ticks) const {
        golden::BoardPins b;
        if (!seed) return b;
        auto chance = [&](int pin, int of) { return hash(ticks >> slow[pin], pin) % of == 0; };
        b.hrq = !chance(0, 2), b.irq = chance(1, 5), b.beyond = chance(2, 4), b.written = chance(3, 6);
        b.dack_n = chance(4, 3) ? ~(1u << (hash(ticks >> slow[4], 9) & 7)) : 0xFF;
        b.lines = (hash(ticks >> slow[5], 5) & 0xFF) | (chance(6, 2) ? 0xF : 0);
        b.d = hash(ticks, 7), b.address = hash(ticks, 8) & 0xFFFFFF;
        return b;
    }
    // Whether the clock after so many brings nothing that the host has to see; sometimes it is not said, though so.
    bool uneventful(uint64_t ticks) const {
        const golden::BoardPins now = board(ticks), then = board(ticks + 1);
        const bool sure = !(now.dack_n & ~then.dack_n) && !now.beyond && !then.beyond && now.irq == then.irq;
        return sure && hash(ticks, 10) & 3;
    }
    uint8_t cell(uint32_t address) const { return hash(address, 11); }

  private:
    struct Bits {
        uint8_t byte, stop;
    };
    std::vector<Step> steps;
    std::vector<Bits> line;
    size_t at = 0, place = 0;
    int phase = 0, rest = 0, resetting = 0, pause = 4 * DIVISOR, quiet = 0;
    uint8_t number = 0;
    uint8_t slow[7];

    uint32_t hash(uint64_t n, uint32_t salt) const {
        uint64_t x = (n + 1) * 0x9E3779B97F4A7C15ull ^ (uint64_t(seed) << 32 | salt * 0x85EBCA6Bu);
        x ^= x >> 29, x *= 0xBF58476D1CE4E5B9ull, x ^= x >> 32, x *= 0x94D049BB133111EBull;
        return uint32_t(x >> 32);
    }

    // While it waits the line is idle, but for spikes that are too short for a start bit.
    uint8_t glitch() {
        if (!seed || quiet < 3 * DIVISOR || pause - quiet < 3 * DIVISOR) return 1;
        return quiet % (4 * DIVISOR) != 0;
    }

    void next() {
        if (at == steps.size()) {
            done = true;
            return;
        }
        const Step head = steps[at++];
        if (head.kind == RESET) {
            rst = 1, resetting = head.length % 4 + 1, quiet = 0, pause = 4 * DIVISOR;
            while (at < steps.size() && steps[at].kind == COMMAND) at++;
            return;
        }
        pause = (2 + head.gap) * DIVISOR;
        std::vector<uint8_t> body;
        int results = 0;
        for (; at < steps.size() && steps[at].kind == COMMAND; at++) add(steps[at], body, results);
        const Defect defect = Defect(head.length % DEFECTS);
        // Often a number that is one bit away from the one before.
        if (defect != SAME_NUMBER || !number) number = head.data ? number ^ 1u << (head.data & 7) : number + 1 + head.count % 255;
        if (!number) number = 0x55;
        std::vector<uint8_t> plain = {uint8_t(body.size() + 2), number};
        plain.insert(plain.end(), body.begin(), body.end());
        uint16_t crc = 0xFFFF;
        for (uint8_t b : plain) crc = golden::Bridge::step(crc, b);
        plain.push_back(crc >> 8), plain.push_back(crc);
        // Its length stays: what counts as a frame of none is not said.
        if (defect == WRONG_BIT) plain[1 + head.count % (plain.size() - 1)] ^= 1 << (head.count >> 8 & 7);
        if (defect == SHORT) plain.resize(1 + head.count % (plain.size() - 1));
        line.clear(), place = 0;
        if (defect == AFTER_NOISE)
            for (int n = 0; n < 1 + (head.count & 3); n++) line.push_back({uint8_t(head.count >> (n + 2) & 0x7B), 1});
        line.push_back({golden::Bridge::SYNC, 1});
        for (uint8_t b : plain) {
            if (b == golden::Bridge::SYNC || b == golden::Bridge::ESCAPE) line.push_back({golden::Bridge::ESCAPE, 1}), b ^= golden::Bridge::FLIP;
            line.push_back({b, 1});
        }
        if (defect == NO_STOP) line.insert(line.begin() + 1 + head.count % (line.size() - 1), {uint8_t(head.count >> 8), 0});
    }

    // A command and what it needs, if the frame and its answer have room for it.
    void add(const Step &s, std::vector<uint8_t> &body, int &results) {
        std::vector<uint8_t> bytes;
        auto set = [&](int r, uint8_t value) { bytes.push_back(0x10 | r), bytes.push_back(value); };
        const int kind = s.data >> 4 & 3, action = s.data & 7;
        int more = 0;
        if (kind == 1) {
            set(s.data & 0xF, s.port);
        } else if (kind == 2) {
            bytes.push_back(s.data), more = 1;
        } else if (kind == 3) {
            // Clocks are few, bytes as many as there is room for; some go on with what is left.
            const bool bytewise = action == 3 || action == 4;
            const uint16_t count = bytewise ? s.count % 190 : s.count;
            if (action == 1 || action == 2 || bytewise) set(0, s.port), set(1, s.port >> 8);
            if (action == 2) set(2, s.count);
            else if (action != 1 && (bytewise || !s.length)) set(4, count), set(5, count >> 8);
            bytes.push_back(s.data);
            for (int n = 0; action == 4 && n < count; n++) bytes.push_back(hash(n, s.count + s.port));
            more = action == 1 ? 1 : action == 3 ? count : 0;
        } else {
            bytes.push_back(s.data);
        }
        if (body.size() + bytes.size() > MOST_BODY || results + more > MOST_RESULTS) return;
        body.insert(body.end(), bytes.begin(), bytes.end()), results += more;
    }
};

}  // namespace fuzz
