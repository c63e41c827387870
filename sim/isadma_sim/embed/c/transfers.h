// The calls of isadma.h, continued: blocks, bursts, memory, figures, and the state.
#pragma once

extern "C" {

int32_t isadma_start_block(isadma_machine *machine, int32_t channel, uint8_t *data, uint64_t length, int32_t to_memory) {
    if (!machine)
        return ISADMA_E_NULL;
    Embedded &mine = *of(machine);
    const int32_t code = check_block(mine, channel, data, length);
    if (code != ISADMA_OK || !is_level(to_memory))
        return code == ISADMA_OK ? ISADMA_E_RANGE : code;
    mine.state.blocks[channel] = {data, length, 0, channel < 4 ? 1u : 2u, uint32_t(to_memory), 0, 0, 0};
    mine.request(channel);
    return ISADMA_OK;
}

int32_t isadma_stop_block(isadma_machine *machine, int32_t channel, uint64_t *moved) {
    if (moved)
        *moved = 0;
    if (!machine)
        return ISADMA_E_NULL;
    if (!Embedded::is_channel(channel))
        return ISADMA_E_RANGE;
    Embedded &mine = *of(machine);
    const bool waits = mine.unresumed >> channel & 1;
    isadma_block &block = waits ? mine.waiting[channel] : mine.state.blocks[channel];
    if (!waits && !block.data)
        return ISADMA_E_NOTHING;
    if (moved)
        *moved = block.position;
    block = {};
    mine.unresumed &= ~(uint32_t(1) << channel);
    mine.drive_dreq(channel, false);
    return ISADMA_OK;
}

int32_t isadma_start_burst(isadma_machine *machine, int32_t channel, uint32_t address, uint8_t *data, uint64_t length,
                           int32_t to_memory, uint32_t cycle, uint32_t width) {
    if (!machine || !data)
        return ISADMA_E_NULL;
    Embedded &mine = *of(machine);
    if (!BOARD_HAS_MASTERS || !Embedded::is_channel(channel) || address > 0xFFFFFF || !length || length > 0x7FFFFFFF ||
        !is_level(to_memory) || cycle < 2 || cycle > 255 || (width != 1 && width != 2))
        return ISADMA_E_RANGE;
    if (mine.state.burst.data || mine.unresumed & BURST_BIT)
        return ISADMA_E_OCCUPIED;
    mine.state.burst = {data, length, 0, address, uint32_t(channel), uint32_t(to_memory), cycle, width, 0, 0, 0};
    return ISADMA_OK;
}

// ---------------------------------------------------------------- memory
int32_t isadma_rom(isadma_machine *machine, uint64_t address, uint64_t length) {
    return alone(machine, false, [=](Embedded &mine) -> int32_t {
        isadma_guard &marks = mine.marks;
        if (address >= mine.size || !length || length > mine.size - address)
            return ISADMA_E_RANGE;
        if (marks.roms == sizeof marks.starts / sizeof *marks.starts)
            return ISADMA_E_OCCUPIED;
        for (uint32_t rom = 0; rom < marks.roms; rom++)
            if (address < marks.ends[rom] && marks.starts[rom] < address + length)
                return ISADMA_E_OCCUPIED;
        marks.starts[marks.roms] = address;
        marks.ends[marks.roms++] = address + length;
        return ISADMA_OK;
    });
}

int32_t isadma_watch(isadma_machine *machine, int32_t on) {
    return alone(machine, false, [=](Embedded &mine) -> int32_t {
        if (!is_level(on))
            return ISADMA_E_RANGE;
        mine.forget_marks();
        mine.marks.watching = uint32_t(on);
        return ISADMA_OK;
    });
}

int32_t isadma_written(isadma_machine *machine, uint64_t *address, uint64_t *length) {
    if (!machine || !address || !length)
        return ISADMA_E_NULL;
    *address = 0;
    *length = of(machine)->take_written(*address);
    return ISADMA_OK;
}

// ---------------------------------------------------------------- figures
int32_t isadma_read_stats(const isadma_machine *machine, isadma_stats *stats, size_t size) {
    if (!machine || !stats)
        return ISADMA_E_NULL;
    if (size != sizeof *stats)
        return ISADMA_E_SIZE;
    const isadma_state &state = of(machine)->state;
    *stats = isadma_stats{};
    stats->size = sizeof *stats;
    stats->clocks = state.clocks;
    stats->dma_clocks = state.dma_clocks;
    stats->accesses = state.accesses;
    stats->mem_to_mem = state.mem_to_mem;
    stats->refreshes = state.refreshes;
    memcpy(stats->transfers, state.transfers, sizeof stats->transfers);
    memcpy(stats->bytes, state.bytes, sizeof stats->bytes);
    memcpy(stats->conflicts, state.conflicts, sizeof stats->conflicts);
    return ISADMA_OK;
}

// ---------------------------------------------------------------- the state
int32_t isadma_save(isadma_machine *machine, void *to, size_t size) {
    return alone(machine, true, [=](Embedded &mine) -> int32_t {
        if (!to)
            return ISADMA_E_NULL;
        if (size != STATE_BYTES)
            return ISADMA_E_SIZE;
        save_state(mine, static_cast<uint8_t *>(to));
        return ISADMA_OK;
    });
}

int32_t isadma_load(isadma_machine *machine, const void *from, size_t size) {
    return alone(machine, false, [=](Embedded &mine) -> int32_t {
        return from ? load_state(mine, static_cast<const uint8_t *>(from), size) : ISADMA_E_NULL;
    });
}

int32_t isadma_unresumed(const isadma_machine *machine, uint32_t *what) {
    if (!machine || !what)
        return ISADMA_E_NULL;
    *what = of(machine)->unresumed;
    return ISADMA_OK;
}

int32_t isadma_resume_block(isadma_machine *machine, int32_t channel, uint8_t *data, uint64_t length) {
    return alone(machine, false, [=](Embedded &mine) -> int32_t {
        if (!data)
            return ISADMA_E_NULL;
        if (!Embedded::is_channel(channel))
            return ISADMA_E_RANGE;
        if (!(mine.unresumed >> channel & 1))
            return ISADMA_E_NOTHING;
        if (length != mine.waiting[channel].length)
            return ISADMA_E_SIZE;
        mine.state.blocks[channel] = mine.waiting[channel];
        mine.state.blocks[channel].data = data;
        mine.unresumed &= ~(uint32_t(1) << channel);
        return ISADMA_OK;
    });
}

int32_t isadma_resume_burst(isadma_machine *machine, uint8_t *data, uint64_t length) {
    return alone(machine, false, [=](Embedded &mine) -> int32_t {
        if (!data)
            return ISADMA_E_NULL;
        if (!(mine.unresumed & BURST_BIT))
            return ISADMA_E_NOTHING;
        if (length != mine.waiting_burst.length)
            return ISADMA_E_SIZE;
        mine.state.burst = mine.waiting_burst;
        mine.state.burst.data = data;
        mine.unresumed &= ~BURST_BIT;
        return ISADMA_OK;
    });
}

}
