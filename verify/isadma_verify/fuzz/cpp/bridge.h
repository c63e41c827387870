// The bridge at the end of a serial line: frames come in byte by byte, and what they ask for happens at once: the board's
// clocks as they must be seen, what memory is told, the answer.
// Ref: the guide, "Boards": Frames, Commands; CRC-16/IBM-3740; the project's clock contract, "The program side".
#pragma once
#include <cstdint>
#include <vector>

namespace golden {

// What the board shows while it stands after so many of its clocks.
struct BoardPins {
    uint8_t hrq = 0, irq = 0, written = 0, beyond = 0, dack_n = 0xFF, lines = 0xFF;
    uint16_t d = 0;
    uint32_t address = 0;
};

// One clock of the board's, as the bridge's pins are in it.
struct BoardClock {
    uint8_t ior_n = 1, iow_n = 1, hlda = 0, reset = 0, drq = 0, host = 0xFF;
    bool accessing = false, data = false;  // the port counts; D counts
    bool goes_on = false;                  // the next one is of the same RUN
    uint16_t port = 0, d = 0;
};

struct MemoryAccess {
    bool write;
    uint16_t port;
    uint8_t byte;
};

struct Bridge {
    static constexpr uint8_t SYNC = 0x7E, ESCAPE = 0x7D, FLIP = 0x20, PROTOCOL = 1;
    enum Status : uint8_t { ATTENTION = 1, ABORTED = 2, HRQ = 4, HLDA = 8, IRQ = 16, WRITTEN = 32 };

    // What stands between frames, and what a frame has left to be seen.
    uint8_t memory_bits, divisor, kind;
    Bridge(uint8_t memory_bits, uint8_t divisor, uint8_t kind) : memory_bits(memory_bits), divisor(divisor), kind(kind) {}
    uint8_t reset = 0, drq = 0, host = 0xFF, hlda = 0, status = 0;
    uint16_t port = 0, d_out = 0, count = 0;
    uint64_t ticks = 0;
    std::vector<BoardClock> clocks;
    std::vector<MemoryAccess> memory;
    std::vector<uint8_t> answer;  // as it goes over the line
    // For coverage: the frame's fate, its commands and how each ended.
    enum Fate : uint8_t { NOTHING, DONE, AGAIN, DROPPED, BROKEN } fate = NOTHING;
    struct Met {
        uint8_t command, outcome;
    };
    std::vector<Met> met;

    // `board` shows the pins after so many clocks; `cell` is memory at an address.
    template <class Board, class Cell> void byte(uint8_t value, const Board &board, Cell &cell) {
        fate = NOTHING;
        if (value == SYNC) {
            frame.clear(), inside = true, escaped = false;
            return;
        }
        if (!inside) return;
        if (value == ESCAPE) {
            escaped = true;
            return;
        }
        frame.push_back(escaped ? value ^ FLIP : value);
        escaped = false;
        if (frame.size() < 3 || frame.size() != frame[0] + 2u) return;
        inside = false;
        uint16_t crc = 0xFFFF;
        for (uint8_t b : frame) crc = step(crc, b);
        if (crc) {
            fate = DROPPED;
            return;
        }
        const bool again = frame[1] == sequence;
        fate = again ? AGAIN : DONE;
        sequence = frame[1];
        if (!again) work(board, cell);
        send();
    }
    // A byte that has no stop bit.
    void broken() { fate = inside ? BROKEN : NOTHING, inside = false; }

    static uint16_t step(uint16_t crc, uint8_t byte) {
        crc ^= byte << 8;
        for (int n = 0; n < 8; n++) crc = crc & 0x8000 ? crc << 1 ^ 0x1021 : crc << 1;
        return crc;
    }

    // What the host has to see; changes of it stop the clock.
    static uint32_t watched(const BoardPins &b, uint8_t host) {
        const bool mine = ~b.dack_n & host & 0xFF;
        const uint32_t strobes = mine || b.beyond ? ~b.lines & 0xF : 0;
        return strobes | (mine && b.lines & 0x10 ? 0x10 : 0) | mine << 5 | b.irq << 6;
    }

  private:
    std::vector<uint8_t> frame, results;
    bool inside = false, escaped = false, written = false;
    uint8_t sequence = 0;
    uint32_t seen = 0;

    template <class Board> bool attention(const Board &board) const { return watched(board(ticks), host) != seen; }
    template <class Board> void look(const Board &board) {
        const BoardPins b = board(ticks);
        if (b.written && !(~b.dack_n & host & 0xFF)) written = true;
    }
    template <class Board> void tick(const Board &board, BoardClock clock, bool holding) {
        const BoardPins b = board(ticks);
        clock.hlda = hlda, clock.reset = reset, clock.drq = drq, clock.host = host;
        clocks.push_back(clock);
        seen = watched(b, host);
        if (!b.hrq) hlda = 0;
        else if (!holding) hlda = 1;
        ticks++;
        look(board);
    }
    template <class Board> uint8_t read(const Board &board, int r, bool aborted) const {
        const BoardPins b = board(ticks);
        switch (r) {
            case 0:
                return attention(board) * ATTENTION | aborted * ABORTED | b.hrq * HRQ | hlda * HLDA | b.irq * IRQ | written * WRITTEN;
            case 1: return b.lines;
            case 2: return b.dack_n;
            case 3: return b.address;
            case 4: return b.address >> 8;
            case 5: return b.address >> 16;
            case 6: return b.d;
            case 7: return b.d >> 8;
            case 8: return count;
            case 9: return count >> 8;
            case 10: return divisor;
            case 12: return kind;
            case 14: return PROTOCOL;
            default: return memory_bits;
        }
    }
    void set(int r, uint8_t value) {
        switch (r) {
            case 0: port = (port & 0xFF00) | value; break;
            case 1: port = (port & 0xFF) | value << 8; break;
            case 2: d_out = (d_out & 0xFF00) | value; break;
            case 3: d_out = (d_out & 0xFF) | value << 8; break;
            case 4: count = (count & 0xFF00) | value; break;
            case 5: count = (count & 0xFF) | value << 8; break;
            case 6: drq = value; break;
            case 7: host = value; break;
            case 8: reset = value & 1; break;
            default: break;
        }
    }
    void upwards() {
        const uint16_t within = (1u << memory_bits) - 1;
        port = (port & ~within) | ((port + 1) & within);
        count--;
    }

    template <class Board, class Cell> void work(const Board &board, Cell &cell) {
        results.clear();
        bool aborted = false;
        look(board);
        for (size_t at = 2; at + 2 < frame.size() && !aborted;) {
            const uint8_t command = frame[at++];
            const int r = command & 0xF;
            uint8_t outcome = 0;
            switch (command >> 4 & 3) {
                case 0: at = frame.size(); break;
                case 1: set(r, frame[at++]), look(board); break;
                case 2: results.push_back(read(board, r, false)); break;
                case 3: {
                    bool first = true;
                    switch (command & 7) {
                        case 0:
                            while (count && (first || !attention(board))) {
                                if (!first) clocks.back().goes_on = true;
                                tick(board, {}, false), count--, first = false;
                            }
                            outcome = count ? 1 : 0;
                            break;
                        case 1:
                        case 2: {
                            BoardClock c;
                            c.accessing = true, c.port = port, c.d = d_out;
                            for (int phase = 0; phase < 7; phase++) {
                                const bool low = phase >= 1 && phase < 4;
                                c.ior_n = !(low && (command & 3) == 1), c.iow_n = !(low && (command & 3) == 2);
                                c.data = phase < 5 && (command & 3) == 2;
                                c.accessing = phase < 5;
                                if (phase == 3 && (command & 3) == 1) results.push_back(board(ticks).d);
                                tick(board, c, phase < 5);
                            }
                            break;
                        }
                        case 3:
                            for (outcome = count > 0; count; upwards()) {
                                memory.push_back({false, port, 0});
                                results.push_back(cell(port & ((1u << memory_bits) - 1)));
                            }
                            break;
                        case 4:
                            for (outcome = count > 0; count; upwards()) {
                                const uint8_t byte = frame[at++];
                                memory.push_back({true, port, byte});
                                cell(port & ((1u << memory_bits) - 1)) = byte;
                                d_out = byte << 8 | byte;
                            }
                            break;
                        case 5: {
                            auto busy = [&] { return board(ticks).hrq || hlda; };
                            while (busy() && count && (first || !attention(board))) tick(board, {}, false), count--, first = false;
                            aborted = busy();
                            outcome = aborted ? 2 : !first;
                            break;
                        }
                        default: break;
                    }
                    break;
                }
            }
            met.push_back({command, outcome});
        }
        status = read(board, 0, aborted);
        written = false;
        look(board);
    }

    void send() {
        std::vector<uint8_t> plain = {uint8_t(results.size() + 3), sequence, status};
        plain.insert(plain.end(), results.begin(), results.end());
        uint16_t crc = 0xFFFF;
        for (uint8_t b : plain) crc = step(crc, b);
        plain.push_back(crc >> 8), plain.push_back(crc);
        answer.push_back(SYNC);
        for (uint8_t b : plain) {
            if (b == SYNC || b == ESCAPE) answer.push_back(ESCAPE), b ^= FLIP;
            answer.push_back(b);
        }
    }
};

}  // namespace golden
