// The exported AT under Verilator: the channel of `isadma bench` never stops, with no memory and no device around.
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <ctime>

#include "Vat.h"

static Vat *at;

static void clock_() {
    at->clk = 0;
    at->eval();
    at->clk = 1;
    at->eval();
}

static void outb(uint32_t port, uint32_t value) {
    at->isa_a_i = port;
    at->isa_d_i = uint16_t(value * 0x101);
    clock_();
    at->isa_iow_n_i = 0;
    for (int clock = 0; clock < 3; clock++)
        clock_();
    at->isa_iow_n_i = 1;
    for (int clock = 0; clock < 2; clock++)
        clock_();
}

int main(int argc, char **argv) {
    const uint64_t clocks = argc > 1 ? strtoull(argv[1], nullptr, 10) : 1000000;
    at = new Vat;
    at->clk_rise = at->clk_fall = 1;
    at->isa_sbhe_n_i = at->isa_ior_n_i = at->isa_iow_n_i = at->isa_memr_n_i = at->isa_memw_n_i = 1;
    at->isa_iochrdy = at->isa_master_n = 1;
    at->rst = at->reset = 1;
    for (int clock = 0; clock < 4; clock++)
        clock_();
    at->rst = at->reset = 0;
    for (int clock = 0; clock < 4; clock++)
        clock_();
    // Channel 4 cascades; channel 1 by demand, autoinitialized, from the device to memory, 64 KiB.
    outb(0xD6, 0xC0);
    outb(0xD4, 0x00);
    outb(0x0C, 0);
    outb(0x0B, 0x15);
    for (uint32_t port = 2; port < 4; port++)
        for (int byte = 0; byte < 2; byte++)
            outb(port, port == 2 ? 0x00 : 0xFF);
    outb(0x83, 0x02);
    outb(0x0A, 0x01);
    at->isa_drq = 2;
    uint64_t moved = 0;
    bool low = false;
    const clock_t begun = clock();
    for (uint64_t left = clocks; left; left--) {
        clock_();
        at->hlda = at->hrq;
        const bool now = !at->isa_memw_n_o;
        moved += low && !now;
        low = now;
    }
    const double seconds = double(clock() - begun) / CLOCKS_PER_SEC;
    printf("%.6f %llu\n", seconds, (unsigned long long)moved);
    delete at;
    return 0;
}
