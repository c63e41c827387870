// Waveforms written clock by clock, by GTKWave's own FST library in this process: waves/dump.py and waves/signals.py are
// what this is compared with.
#pragma once
#include <sys/stat.h>

#include <cstdio>
#include <cstring>

#include "dump.h"
#include "mastering.h"

namespace {

constexpr uint64_t CARD_STROBES = IN_MEMR_N | IN_MEMW_N, CPU_STROBES = IN_IOR_N | IN_IOW_N | CARD_STROBES;
constexpr uint64_t FLOATS = uint64_t(1) << 32;  // the value of a bus that nobody drives
constexpr uint64_t SIZE_INTERVAL = 64;

struct Dump {
    isadma_dump &dump;
    const isadma_chips &chips;

    // ------------------------------------------------------------------ the file
    uint64_t time_of(uint64_t clock) const {
        return uint64_t(static_cast<unsigned __int128>(clock) * dump.unit / dump.hz);
    }

    void at(uint64_t time) {
        if (time != dump.time || !dump.started) {
            dump.started = 1;
            dump.time = time;
            dump.emit_time(dump.context, time);
        }
    }

    void change(uint32_t handle, uint64_t time, uint64_t value, uint32_t width) {
        char text[64];
        at(time);
        if (value == FLOATS)
            memset(text, 'z', width);
        else
            for (uint32_t bit = 0; bit < width; bit++)
                text[width - 1 - bit] = char('0' + (value >> bit & 1));
        dump.pending += width > 8 ? width : 8;
        dump.emit_value(dump.context, handle, text);
    }

    void say(uint32_t handle, uint64_t time, const char *text) {
        at(time);
        dump.pending += 8;
        dump.emit_text(dump.context, handle, text, uint32_t(strlen(text)));
    }

    uint64_t size() {
        if (dump.pending > dump.block) {
            dump.pending = 0;
            dump.flush(dump.context);
        }
        struct stat found;
        return (stat(dump.path, &found) ? 0 : uint64_t(found.st_size)) + dump.pending;
    }

    // ------------------------------------------------------------------ the window
    static bool active(const isadma_level &level, uint64_t in, uint64_t out, uint32_t irq) {
        const uint64_t word = level.word == 1 ? in : level.word == 2 ? out : irq;
        return bool(word & level.mask) != bool(level.low);
    }

    uint64_t wakes() const { return dump.ended >= 0 ? ~uint64_t(0) : dump.begun < 0 ? dump.wakes : 0; }

    bool shows(uint64_t clock, uint64_t in, uint64_t out, uint32_t irq) {
        if (dump.ended >= 0)
            return false;
        if (clock >= dump.last) {
            dump.ended = int64_t(dump.last + 1);
            if (clock > dump.last)
                return false;
        }
        if (dump.begun < 0) {
            if (dump.begins.word ? !active(dump.begins, in, out, irq) : clock < dump.wakes)
                return false;
            dump.begun = int64_t(clock);
        }
        if (dump.ends.word) {
            const bool now = active(dump.ends, in, out, irq);
            if (now && !dump.was)
                dump.ended = int64_t(clock + 1);
            dump.was = now;
        }
        return true;
    }

    // ------------------------------------------------------------------ a clock
    void pins(uint32_t *values) const {
        const isadma::pic &master = chips.pics[0], &slave = chips.pics[1];
        const uint32_t cascade = chips.pair ? 1u << CASCADE : 0;
        values[0] = (master.lines & ~cascade) | slave.lines << 8;
        values[1] = master.int_out;
        values[2] = master.isr | slave.isr << 8;
        values[3] = master.imr | slave.imr << 8;
    }

    template <class Inside>
    void clock(uint64_t clock, uint64_t in, uint64_t out, Inside inside) {
        dump.seen_in = in;
        dump.seen_out = out;
        uint32_t irq[4];
        pins(irq);
        if (!shows(clock, in, out, irq[0]))
            return;
        dump.clock = clock + 1;
        const uint64_t time = time_of(clock);
        change(dump.clk, time, 0, 1);
        if (!dump.looked || in != dump.inputs || out != dump.outputs) {
            dump.looked = 1;
            dump.inputs = in;
            dump.outputs = out;
            for (uint32_t at = 0; at < dump.signal_count; at++)
                show(dump.signals[at], time, in, out);
        }
        for (uint32_t at = 0; at < dump.probe_count; at++) {
            isadma_probe &probe = dump.probes[at];
            const uint64_t value = inside(probe);
            if (dump.inside && value == probe.last)
                continue;
            probe.last = value;
            if (probe.names)
                say(probe.handle, time, probe.names + 8 * value);
            else
                change(probe.handle, time, value, probe.width);
        }
        dump.inside = 1;
        interrupts(time, irq);
        change(dump.clk, time + (time_of(clock + 1) - time) / 2, 1, 1);
        if (++dump.shown % SIZE_INTERVAL == 0 && size() > dump.limit) {
            dump.full = 1;
            if (dump.ended < 0)
                dump.ended = int64_t(clock + 1);
        }
    }

    void interrupts(uint64_t time, const uint32_t *values) {
        constexpr uint32_t widths[] = {16, 1, 16, 16};
        for (int at = 0; at < 4; at++)
            if (!dump.pics_shown || values[at] != dump.pic_values[at]) {
                dump.pic_values[at] = values[at];
                change(dump.pics[at], time, values[at], widths[at]);
            }
        dump.pics_shown = 1;
    }

    void idle(uint64_t clock, uint64_t until) {
        uint32_t irq[4];
        pins(irq);
        const uint64_t wake = wakes();
        if (until <= wake || !shows(clock > wake ? clock : wake, dump.seen_in, dump.seen_out, irq[0]))
            return;
        const uint64_t end = dump.ended >= 0 ? uint64_t(dump.ended) : dump.last + 1;
        until = until < end ? until : end;
        const uint64_t begin = time_of(clock > dump.first ? clock : dump.first);
        dump.clock = until;
        change(dump.clk, begin, 0, 1);
        change(dump.asleep, begin, 1, 1);
        interrupts(begin, irq);
        change(dump.asleep, time_of(until), 0, 1);
    }

    // ------------------------------------------------------------------ signals
    static uint64_t value_of(const isadma_signal &signal, uint64_t in, uint64_t out) {
        const uint64_t bits = (uint64_t(1) << signal.width) - 1;
        switch (signal.shape) {
        case SHAPE_IN:
            return in >> signal.in_low & bits;
        case SHAPE_OUT:
            return out >> signal.out_low & bits;
        case SHAPE_LOW:
            return in >> signal.in_low & out >> signal.out_low & 1;
        case SHAPE_ADDRESS:
            if (out & OUT_A_OE)
                return DmaCycles::address(out);
            return (in & IN_HLDA) && (in & IN_MASTER_N) ? FLOATS : in >> IN_A_LOW & 0xFFFFFF;
        case SHAPE_DATA:
            if (out & OUT_D_OE)
                return out >> OUT_D_LOW & 0xFFFF;
            return (in & CPU_STROBES) != CPU_STROBES || (out & STROBES) != STROBES ? in >> IN_D_LOW & 0xFFFF : FLOATS;
        case SHAPE_ACCESS:
            if (!(in & IN_IOR_N))
                return 1 << 16 | (in >> IN_A_LOW & 0xFFFF);
            return in & IN_IOW_N ? 0 : 2 << 16 | (in >> IN_A_LOW & 0xFFFF);
        case SHAPE_MASTER:
            if (!(in & IN_HLDA))
                return 1;
            if (!(in & IN_MASTER_N))
                return 2;
            return out & OUT_REFRESH_N ? out & OUT_AEN ? 4 : 5 : 3;
        case SHAPE_TRANSFER:
            return transfer(in, out);
        default:
            return DmaCycles::dacks(out);
        }
    }

    // 1 read of memory, 2 write of it, 3 refresh, 4 device to memory, 5 memory to device; 0 for none.
    static uint64_t transfer(uint64_t in, uint64_t out) {
        const uint64_t low = ~out & STROBES;
        if (!low)
            return ~in & CARD_STROBES ? in & IN_MEMR_N ? 2 : 1 : 0;
        if ((low & OUT_MEMR_N) && !(out & OUT_REFRESH_N))
            return 3;
        if (low & OUT_IOR_N)
            return 4;
        if (low & OUT_IOW_N)
            return 5;
        return low & OUT_MEMR_N ? ~out & OUT_DACK_N ? 5 : 1 : 2;
    }

    void show(isadma_signal &signal, uint64_t time, uint64_t in, uint64_t out) {
        const uint64_t value = value_of(signal, in, out);
        if (signal.shown_before && value == signal.last)
            return;
        signal.shown_before = 1;
        signal.last = value;
        static const char *const masters[] = {"-", "CPU", "card", "refresh", "DMA", "hold"};
        static const char *const transfers[] = {"-",       "memory-read",      "memory-write",
                                                "refresh", "device-to-memory", "memory-to-device"};
        char text[32] = "-";
        switch (signal.shape) {
        case SHAPE_ACCESS:
            if (value)
                snprintf(text, sizeof text, "%s:%03Xh", value >> 16 == 1 ? "in" : "out", unsigned(value & 0xFFFF));
            return say(signal.handle, time, text);
        case SHAPE_MASTER:
            return say(signal.handle, time, masters[value]);
        case SHAPE_TRANSFER:
            return say(signal.handle, time, transfers[value]);
        case SHAPE_CHANNEL:
            for (uint32_t left = uint32_t(value), place = 0; left; left &= left - 1) {
                text[place++] = char('0' + __builtin_ctz(left));
                text[place++] = left & (left - 1) ? '+' : '\0';
            }
            return say(signal.handle, time, text);
        default:
            return change(signal.handle, time, value, signal.width);
        }
    }
};

}  // namespace
