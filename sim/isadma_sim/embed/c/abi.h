// The calls of isadma.h: who may call, whether the numbers are in range, and then the machine.
#pragma once
#include <new>
#include "state.h"

static_assert(STATE_BYTES == ISADMA_STATE_SIZE, "isadma.h says another size of a state");
static_assert(sizeof(uint8_t *) == sizeof(size_t), "data pointers are plain addresses");

namespace {

Embedded *of(isadma_machine *machine) { return reinterpret_cast<Embedded *>(machine); }
const Embedded *of(const isadma_machine *machine) { return reinterpret_cast<const Embedded *>(machine); }

// Makes a machine the caller's for a call that no callback may make; `run` may need everything to be there.
template<class Call>
int32_t alone(isadma_machine *machine, bool whole, Call call) noexcept {
    if (!machine)
        return ISADMA_E_NULL;
    Embedded &mine = *of(machine);
    if (mine.busy.exchange(true, std::memory_order_acquire))
        return ISADMA_E_BUSY;
    int32_t code = ISADMA_E_RESUME;
    try {
        if (!whole || !mine.unresumed)
            code = call(mine);
    } catch (...) {
        code = ISADMA_E_INTERNAL;
    }
    mine.busy.store(false, std::memory_order_release);
    return code;
}

bool is_level(int32_t level) { return level == 0 || level == 1; }

int32_t run_for(isadma_machine *machine, uint64_t clocks, uint32_t events, uint64_t *ran, uint32_t *happened) {
    if (ran)
        *ran = 0;
    if (happened)
        *happened = 0;
    return alone(machine, true, [=](Embedded &mine) -> int32_t {
        const uint64_t start = mine.state.clocks;
        if (clocks > ISADMA_CLOCKS_MOST || start + clocks > LAST_CLOCK)
            return ISADMA_E_RANGE;
        mine.waits_for = events;
        mine.happened = 0;
        mine.go(start + clocks);
        mine.waits_for = 0;
        if (ran)
            *ran = mine.state.clocks - start;
        if (happened)
            *happened = mine.happened;
        return ISADMA_OK;
    });
}

// Whether a block fits a channel; the machine has none there yet.
int32_t check_block(const Embedded &mine, int32_t channel, const uint8_t *data, uint64_t length) {
    if (!data)
        return ISADMA_E_NULL;
    if (!Embedded::is_channel(channel) || !length || length > LONGEST_WAIT || (channel > 3 && length % 2))
        return ISADMA_E_RANGE;
    return mine.state.blocks[channel].data || mine.unresumed >> channel & 1 ? ISADMA_E_OCCUPIED : ISADMA_OK;
}

}  // namespace

extern "C" {

uint32_t isadma_abi_version(void) { return ISADMA_ABI_VERSION; }

size_t isadma_state_size(void) { return STATE_BYTES; }

const char *isadma_board(void) { return ISADMA_BOARD; }

const char *isadma_error_text(int32_t code) {
    switch (code) {
    case ISADMA_OK: return "done";
    case ISADMA_E_NULL: return "a pointer is NULL that must not be";
    case ISADMA_E_SIZE: return "the size of a struct or a buffer is not this library's: compile with its own isadma.h";
    case ISADMA_E_RANGE: return "a port, channel, length, level or number of clocks is out of range: isadma.h has the ranges";
    case ISADMA_E_BUSY: return "the machine runs: no call of a callback or of another thread now";
    case ISADMA_E_TIMEOUT: return "DMA did not let go of the bus: mask the channel, or look for a cascade channel whose DRQ stays on";
    case ISADMA_E_OCCUPIED: return "a block or a burst is under way there: wait for its end, or stop it";
    case ISADMA_E_NOTHING: return "no block or burst is under way there";
    case ISADMA_E_RESUME: return "the loaded state has a block or a burst under way: resume it first, isadma_unresumed says which";
    case ISADMA_E_MEMORY: return "no memory left";
    case ISADMA_E_FORMAT: return "these bytes are no saved state";
    case ISADMA_E_VERSION: return "the state was saved in another version of the format";
    case ISADMA_E_OTHER: return "the state is of another board, or of another version of its RTL";
    case ISADMA_E_DAMAGED: return "the state has been changed or cut short";
    case ISADMA_E_INTERNAL: return "a fault inside the library, or an exception left a callback";
    default: return "no code of this library";
    }
}

// ---------------------------------------------------------------- life
int32_t isadma_default(isadma_config *config, size_t size) {
    if (!config)
        return ISADMA_E_NULL;
    if (size != sizeof *config)
        return ISADMA_E_SIZE;
    *config = isadma_config{sizeof *config, nullptr, 0, 1, BUS_TIMEOUT, 10, 1};
    return ISADMA_OK;
}

int32_t isadma_create(const isadma_config *config, const isadma_callbacks *callbacks, isadma_machine **machine) {
    if (machine)
        *machine = nullptr;
    if (!config || !machine || !config->memory)
        return ISADMA_E_NULL;
    if (config->size != sizeof *config || (callbacks && callbacks->size != sizeof *callbacks))
        return ISADMA_E_SIZE;
    const auto is_wait = [](uint64_t clocks) { return clocks >= 1 && clocks <= LONGEST_WAIT; };
    if (!config->memory_size || config->memory_size > ISADMA_MEMORY_MOST || !is_wait(config->hlda_delay) ||
        !is_wait(config->bus_timeout) || (config->decode != 10 && config->decode != 16) || config->skip_idle > 1)
        return ISADMA_E_RANGE;
    try {
        Embedded *made = new (std::nothrow) Embedded(*config, callbacks ? *callbacks : isadma_callbacks{});
        if (!made)
            return ISADMA_E_MEMORY;
        made->busy = true;
        made->press_reset();
        made->busy = false;
        *machine = reinterpret_cast<isadma_machine *>(made);
    } catch (...) {
        return ISADMA_E_INTERNAL;
    }
    return ISADMA_OK;
}

int32_t isadma_destroy(isadma_machine *machine) {
    if (!machine)
        return ISADMA_E_NULL;
    if (of(machine)->busy.exchange(true))
        return ISADMA_E_BUSY;
    delete of(machine);
    return ISADMA_OK;
}

int32_t isadma_reset(isadma_machine *machine) {
    return alone(machine, true, [](Embedded &mine) -> int32_t {
        if (mine.state.clocks > LAST_CLOCK)
            return ISADMA_E_RANGE;
        mine.press_reset();
        return ISADMA_OK;
    });
}

// ---------------------------------------------------------------- ports
int32_t isadma_outb(isadma_machine *machine, uint32_t port, uint32_t value) {
    return alone(machine, true, [=](Embedded &mine) -> int32_t {
        if (port > 0xFFFF || value > 0xFF)
            return ISADMA_E_RANGE;
        const int32_t answer = mine.cycle(port, int32_t(value));
        return answer < 0 ? answer : ISADMA_OK;
    });
}

int32_t isadma_outw(isadma_machine *machine, uint32_t port, uint32_t value) {
    if (machine && (port > 0xFFFE || value > 0xFFFF))
        return ISADMA_E_RANGE;
    const int32_t code = isadma_outb(machine, port, value & 0xFF);
    return code < 0 ? code : isadma_outb(machine, port + 1, value >> 8);
}

int32_t isadma_inb(isadma_machine *machine, uint32_t port, uint8_t *value) {
    return alone(machine, true, [=](Embedded &mine) -> int32_t {
        if (port > 0xFFFF)
            return ISADMA_E_RANGE;
        const int32_t answer = mine.cycle(port, -1);
        if (answer < 0)
            return answer;
        if (value)
            *value = uint8_t(answer);
        return ISADMA_OK;
    });
}

int32_t isadma_inw(isadma_machine *machine, uint32_t port, uint16_t *value) {
    if (machine && port > 0xFFFE)
        return ISADMA_E_RANGE;
    uint8_t low = 0, high = 0;
    int32_t code = isadma_inb(machine, port, &low);
    if (code == ISADMA_OK)
        code = isadma_inb(machine, port + 1, &high);
    if (code == ISADMA_OK && value)
        *value = uint16_t(low | high << 8);
    return code;
}

int32_t isadma_claim(isadma_machine *machine, uint32_t first, uint32_t count, int32_t how) {
    return alone(machine, false, [=](Embedded &mine) -> int32_t {
        if (first > 0xFFFF || !count || count > 0x10000 - first || how < ISADMA_UNCLAIMED || how > ISADMA_IN_FRONT)
            return ISADMA_E_RANGE;
        memset(mine.claims + first, how, count);
        return ISADMA_OK;
    });
}

// ---------------------------------------------------------------- time and lines
int32_t isadma_run(isadma_machine *machine, uint64_t clocks, uint64_t *ran) { return run_for(machine, clocks, 0, ran, nullptr); }

int32_t isadma_run_until(isadma_machine *machine, uint64_t clocks, uint32_t events, uint64_t *ran, uint32_t *happened) {
    if (machine && (!events || events > 0xFF))
        return ISADMA_E_RANGE;
    return run_for(machine, clocks, events, ran, happened);
}

int32_t isadma_stop(isadma_machine *machine) {
    if (!machine)
        return ISADMA_E_NULL;
    of(machine)->state.stop = 1;
    return ISADMA_OK;
}

int32_t isadma_clocks(const isadma_machine *machine, uint64_t *clocks) {
    if (!machine || !clocks)
        return ISADMA_E_NULL;
    *clocks = of(machine)->state.clocks;
    return ISADMA_OK;
}

int32_t isadma_set_event(isadma_machine *machine, uint64_t clock) {
    if (!machine)
        return ISADMA_E_NULL;
    isadma_state &state = of(machine)->state;
    state.due = clock > state.clocks ? clock : state.clocks + 1;
    return ISADMA_OK;
}

int32_t isadma_set_dreq(isadma_machine *machine, int32_t channel, int32_t level) {
    if (!machine)
        return ISADMA_E_NULL;
    if (!Embedded::is_channel(channel) || !is_level(level))
        return ISADMA_E_RANGE;
    of(machine)->drive_dreq(channel, level);
    return ISADMA_OK;
}

int32_t isadma_dreq(const isadma_machine *machine, int32_t channel, int32_t *level) {
    if (!machine || !level)
        return ISADMA_E_NULL;
    if (!Embedded::is_channel(channel))
        return ISADMA_E_RANGE;
    *level = of(machine)->state.in >> (IN_DRQ_LOW + channel) & 1;
    return ISADMA_OK;
}

int32_t isadma_set_out1(isadma_machine *machine, int32_t level) {
    if (!machine)
        return ISADMA_E_NULL;
    if (!is_level(level))
        return ISADMA_E_RANGE;
    isadma_state &state = of(machine)->state;
    state.in = level ? state.in | IN_OUT1 : state.in & ~IN_OUT1;
    return ISADMA_OK;
}

}

#include "transfers.h"
