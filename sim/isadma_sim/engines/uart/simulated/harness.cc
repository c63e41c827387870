// The simulated FPGA's serial side: bytes go in bit by bit over its rx pin, and come out of its tx pin.
#include <cstddef>
#include <cstdint>

#include "top.cc"  // written by CXXRTL

namespace {

struct Machine {
    cxxrtl_design::p_top top;
    unsigned divisor;
    uint64_t clocks = 0;

    // The receiver of the tx pin: clocks until the next sample, bits seen, what they were.
    unsigned wait = 0, bits = 0, byte = 0;
    bool inside = false;

    explicit Machine(unsigned divisor) : divisor(divisor) {
        top.p_rx.set<bool>(true);
        top.step();
    }

    // One clock; returns the byte that ended in it, or -1.
    int clock() {
        // One evaluation leaves this clock's outputs in place and the registers' next values pending: build.py has
        // refused a design that would need more of them.
        top.prev_p_clk.set<bool>(false);
        top.p_clk.set<bool>(true);
        top.eval();
        top.commit();
        clocks++;
        const bool tx = top.p_tx.get<bool>();
        if (!inside) {
            if (!tx) {
                inside = true;
                wait = divisor + divisor / 2;
                bits = byte = 0;
            }
            return -1;
        }
        if (--wait)
            return -1;
        wait = divisor;
        if (bits < 8) {
            byte |= unsigned(tx) << bits++;
            return -1;
        }
        inside = false;
        return tx ? int(byte) : -1;
    }

    bool idle() { return !inside && !(top.p_leds.get<uint32_t>() & 1); }
};

}  // namespace

extern "C" {

void *uart_open(unsigned divisor) { return new Machine(divisor); }
void uart_close(void *machine) { delete static_cast<Machine *>(machine); }
uint64_t uart_clocks(void *machine) { return static_cast<Machine *>(machine)->clocks; }
uint32_t uart_leds(void *machine) { return static_cast<Machine *>(machine)->top.p_leds.get<uint32_t>(); }

// Sends `count` bytes, then runs until nothing is under way or `most` clocks have gone by; at most `room` bytes come
// back, and their number is returned.
size_t uart_exchange(void *handle, const uint8_t *data, size_t count, uint8_t *answer, size_t room, uint64_t most) {
    Machine &machine = *static_cast<Machine *>(handle);
    size_t got = 0;
    auto spend = [&](unsigned clocks) {
        for (unsigned i = 0; i < clocks; i++) {
            const int byte = machine.clock();
            if (byte >= 0 && got < room)
                answer[got++] = uint8_t(byte);
        }
    };
    for (size_t i = 0; i < count; i++) {
        unsigned frame = data[i] << 1 | 0x200;
        for (unsigned bit = 0; bit < 10; bit++, frame >>= 1) {
            machine.top.p_rx.set<bool>(frame & 1);
            spend(machine.divisor);
        }
    }
    const uint64_t end = machine.clocks + most;
    spend(8);  // the last stop bit reaches the bridge, and a frame is begun on
    while (!machine.idle() && machine.clocks < end && got < room)
        spend(1);
    return got;
}
}
