// A machine of the lab behind a dozen calls: the page sets pins, settles, looks, and ends each half of a state.
#include "board.cc"
#include "parts.h"
#include "alone.h"

#include <cstdint>
#include <cstring>

#define CALL(name) extern "C" __attribute__((export_name(#name))) auto name

namespace {

constexpr int WORDS = 2;                 // of 32 bits: 64 pins each way
constexpr int PROBE_WORDS = 2 * CHIPS;

// What the page reads and writes in place.
struct {
    uint32_t inputs[WORDS];
    uint32_t outputs[WORDS];
    uint32_t probes[PROBE_WORDS];
} io;

Board board;
bool second;                             // which half of a state this is

void put() {
    for (int word = 0; word < WORDS; word++)
        board.p_inputs.data[word] = io.inputs[word];
    // CLK rises at the end of a first half and falls at the end of a second one.
    board.p_half.data[0] = second ? 1 : 2;
}

void evaluate(bool clock) {
    board.prev_p_clk.set<bool>(false);
    board.p_clk.set<bool>(clock);
    board.eval(nullptr);
}

}  // namespace

// Power-up.
CALL(lab_power)() -> void {
    board = Board();
    second = false;
}

// Where `io` is.
CALL(lab_io)() -> uint32_t { return (uint32_t)(uintptr_t)&io; }

// The outputs of this half for the inputs that are set.
CALL(lab_settle)() -> void {
    put();
    evaluate(false);
    for (int word = 0; word < WORDS; word++)
        io.outputs[word] = board.p_outputs.data[word];
    for (int word = 0; word < PROBE_WORDS; word++)
        io.probes[word] = board.p_probes.data[word];
}

// The edge that ends this half.
CALL(lab_edge)() -> void {
    put();
    evaluate(true);
    board.commit();
    second = !second;
}

// Words of a chip's register file: 0-3 current addresses, 4-7 current counts, 8-11 and 12-15 the base ones.
CALL(lab_register)(int chip, int word) -> uint32_t { return register_of(board, chip, word); }

// A chip's mode register, bits 7-2 of what was written.
CALL(lab_mode)(int chip, int channel) -> uint32_t { return mode_of(board, chip, channel); }

// The first/last flip-flop of a chip.
CALL(lab_flip_flop)(int chip) -> uint32_t { return flip_flop_of(board, chip); }

// A page register, 0 for port 80h.
CALL(lab_page)(int number) -> uint32_t { return page_of(board, number); }
