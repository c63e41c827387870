// What a scenario is made of: steps of the processor and of the wires, each a few bytes, so that they can be shrunk and kept.
#pragma once
#include <cstdint>

namespace fuzz {

enum Kind : uint8_t {
    // The processor's, one after the other.
    OUT,     // writes `data` to `port`; strobe of `length` clocks, `gap` clocks after it
    IN,      // reads `port`
    IDLE,    // `count` clocks
    RESET,   // RESET for `length` clocks, when no service is under way
    RELOAD,  // RESET at once, then every channel loaded again from `count` as a seed
    PROCESSOR_KINDS,
    // The wires', `gap` clocks after the one before.
    LINES = PROCESSOR_KINDS,  // request lines as in `port`: DREQ in bits 0-7, OUT1 in bit 8
    BUSY,                     // READY low for `count` clocks
    STOP,                     // EOP# low for `count` clocks
    GRANT,                    // from now on HLDA rises `length` and falls `data` clocks late
    DROP,                     // HLDA is taken from a cascaded master
    KINDS,
    // Wishbone's; its processor knows IDLE and RELOAD too, its wires LINES, BUSY and STOP.
    WRITE = KINDS,  // `count` to word `port`, lanes `data`; given up after `length` clocks (0: never), `gap` clocks after it
    READ,
    ANSWER,         // memory answers after `length` clocks, and its `count`th transfer from now with ERR (0: none)
    // The bridge's.
    FRAME,    // a frame, `gap` bits after what came before; `length` says what is wrong with it, `count` where
    COMMAND,  // of the frame before: `data`; `port` is its address or value, `count` its clocks or bytes
};

struct Step {
    uint8_t kind, length, gap, data;
    uint16_t port, count;
};

struct Scenario {
    uint32_t clocks = 0;     // fabric clocks to run
    uint32_t noise = 0;      // seed of what idle lines carry; 0: they rest
    uint32_t per_state = 1;  // fabric clocks a state: 1, 2 or 4
    uint32_t settle = 1;     // clocks after an access before HLDA may rise
    uint32_t count = 0;
    const Step *steps = nullptr;
};

// Random numbers that are the same on every machine (xorshift64*).
struct Random {
    uint64_t state;
    explicit Random(uint64_t seed) : state(seed * 0x9E3779B97F4A7C15ull + 0xD1B54A32D192ED03ull) {
        if (!state) state = 1;
        for (int n = 0; n < 4; n++) bits();
    }
    uint32_t bits() {
        state ^= state >> 12, state ^= state << 25, state ^= state >> 27;
        return uint32_t((state * 0x2545F4914F6CDD1Dull) >> 32);
    }
    uint32_t below(uint32_t n) { return uint32_t((uint64_t(bits()) * n) >> 32); }
    bool one_in(uint32_t n) { return below(n) == 0; }
    template <class T, int N> T pick(const T (&from)[N]) { return from[below(N)]; }
};

}  // namespace fuzz
