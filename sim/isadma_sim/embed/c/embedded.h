// A machine whose devices are the host's C functions: the harness of the native engine, with nobody else to ask.
#pragma once
#include <atomic>

namespace {

constexpr uint64_t LONGEST_WAIT = uint64_t(1) << 32;
constexpr uint64_t LAST_CLOCK = uint64_t(1) << 62;
constexpr uint64_t IN_ALL = (uint64_t(1) << IN_WIDTH) - 1;
constexpr uint64_t OUT_ALL = (uint64_t(1) << OUT_WIDTH) - 1;
constexpr uint32_t BURST_BIT = 1 << 8;

struct Embedded final : Machine {
    isadma_guard marks{};
    isadma_callbacks host{};
    uint32_t decode = 10;
    uint32_t waits_for = 0;   // events that end isadma_run_until
    uint32_t happened = 0;
    std::atomic<bool> busy{false};
    // What a loaded state had under way, until its bytes are there again: a bit by channel, and BURST_BIT.
    uint32_t unresumed = 0;
    isadma_block waiting[8]{};
    isadma_burst waiting_burst{};
    uint8_t claims[1 << 16]{};

    Embedded(const isadma_config &config, const isadma_callbacks &callbacks)
        : Machine(nullptr, config.memory, config.memory_size, nullptr), host(callbacks), decode(config.decode) {
        guard = &marks;
        forget_marks();
        state.taken = 1;  // nobody else has to be asked before a callback
        state.answered = 0xFF;
        state.due = ISADMA_NEVER;
        state.hlda_delay = config.hlda_delay;
        state.bus_timeout = config.bus_timeout;
        state.skip_idle = config.skip_idle != 0;
    }

    // ------------------------------------------------------------------ the harness asks
    int32_t call(int32_t event, int32_t channel, int32_t value) override {
        if (event <= ISADMA_BURST_OVER && waits_for >> event & 1) {
            happened |= uint32_t(1) << event;
            state.stop = 1;
        }
        switch (event) {
        case ISADMA_DACK_OFF:
        case ISADMA_DACK_ON:
            if (host.dack)
                host.dack(host.host, channel, event == ISADMA_DACK_ON);
            return 0;
        case ISADMA_TC:
            if (host.tc)
                host.tc(host.host, channel);
            return 0;
        case ISADMA_DMA_READ:
            return dma_answer(channel);
        case ISADMA_DMA_WRITE:
            if (host.dma_write)
                host.dma_write(host.host, channel, uint16_t(value));
            return 0;
        case ISADMA_DUE:
            state.due = ISADMA_NEVER;
            if (host.event)
                host.event(host.host, state.clocks);
            return 0;
        case ISADMA_BLOCK_OVER:
            block_over(channel);
            return 0;
        case ISADMA_BURST_OVER:
            if (host.burst_over)
                host.burst_over(host.host, channel, uint64_t(uint32_t(value)));
            return 0;
        case ISADMA_IO_READ:
            return host.io_read ? host.io_read(host.host, uint16_t(channel)) : int32_t(FLOATING);
        case ISADMA_IO_WRITE:
            if (host.io_write)
                host.io_write(host.host, uint16_t(channel), uint8_t(value));
            return 0;
        default:
            return 0;
        }
    }

    int32_t dma_answer(int32_t channel) {
        const uint32_t all = channel < 4 ? FLOATING : FLOATING_WORD;
        return int32_t(host.dma_read ? host.dma_read(host.host, channel) & all : all);
    }

    void block_over(int32_t channel) {
        const isadma_block over = state.blocks[channel];
        state.blocks[channel] = {};
        drive_dreq(channel, false);
        if (host.block_over)
            host.block_over(host.host, channel, over.position, int(over.counted));
    }

    // ------------------------------------------------------------------ what calls are made of
    void drive_dreq(int32_t channel, bool level) {
        const uint64_t bit = uint64_t(1) << (IN_DRQ_LOW + channel);
        state.in = level ? state.in | bit : state.in & ~bit;
    }

    static bool is_channel(int32_t channel) { return channel >= 0 && channel < 8 && BOARD_CHANNELS >> channel & 1; }

    // Clocks up to an end, fewer when a callback says stop.
    void go(uint64_t end) {
        state.stop = 0;
        while (run(end) == ISADMA_PAUSED) {
        }
    }

    void pass(uint64_t end) {
        while (state.clocks < end)
            go(end);
    }

    void press_reset() {
        state.in |= IN_RESET;
        pass(state.clocks + RESET_CLOCKS);
        state.in &= ~IN_RESET;
        pass(state.clocks + RESET_CLOCKS);
    }

    // A port cycle: the byte read, or a code.
    int32_t cycle(uint32_t port, int32_t value) {
        if (state.clocks > LAST_CLOCK)
            return ISADMA_E_RANGE;
        uint32_t kind = claims[port] ? uint32_t(ISADMA_CLAIMED) : 0;
        if (claims[port] == ISADMA_IN_FRONT || (decode == 16 && port >> 10))
            kind |= ISADMA_HIDDEN;
        state.stop = 0;
        give_up = state.clocks + state.bus_timeout;
        const int32_t answer = access(port, value, kind);
        if (answer >= 0)
            return answer;
        return -1 - answer == ISADMA_TIMED_OUT ? ISADMA_E_TIMEOUT : ISADMA_E_INTERNAL;
    }

    // ------------------------------------------------------------------ marks of what was written (machine/guard.py)
    void forget_marks() {
        memset(marks.low, 0xFF, sizeof marks.low);
        memset(marks.high, 0, sizeof marks.high);
        marks.first_page = PAGES;
        marks.last_page = 0;
    }

    static constexpr uint32_t PAGES = 4096, PAGE = 4096;

    uint64_t take_written(uint64_t &address) {
        uint64_t length = 0;
        for (; marks.first_page <= marks.last_page; marks.first_page++) {
            const uint32_t page = marks.first_page;
            if (!marks.high[page]) {
                if (length)
                    break;
                continue;
            }
            const uint64_t start = uint64_t(page) * PAGE + marks.low[page];
            if (length && address + length != start)
                break;
            if (!length)
                address = start;
            length = uint64_t(page) * PAGE + marks.high[page] - address;
            marks.low[page] = 0xFFFF;
            marks.high[page] = 0;
        }
        if (marks.first_page > marks.last_page) {
            marks.first_page = PAGES;
            marks.last_page = 0;
        }
        return length;
    }
};

}  // namespace
