// The whole state in bytes, least significant first, so that any build of the same board takes it up.
#pragma once
#include "embedded.h"

namespace {

constexpr uint8_t MAGIC[8] = {'i', 's', 'a', 'd', 'm', 'a', 0x1A, '\n'};
constexpr uint32_t STATE_VERSION = 1;

// Writes numbers to a buffer, or reads them: one list of fields serves both.
struct Writer {
    uint8_t *at;
    template<class T>
    void operator()(const T &value, size_t bytes) {
        uint64_t rest = uint64_t(value);
        for (size_t byte = 0; byte < bytes; byte++, rest >>= 8)
            *at++ = uint8_t(rest);
    }
};

struct Reader {
    const uint8_t *at;
    template<class T>
    void operator()(T &value, size_t bytes) {
        uint64_t read = 0;
        for (size_t byte = 0; byte < bytes; byte++)
            read |= uint64_t(*at++) << 8 * byte;
        value = T(read);
    }
};

// FNV-1a: a byte that is another one always shows.
uint64_t checksum(const uint8_t *from, size_t size) {
    uint64_t sum = 0xCBF29CE484222325u;
    for (size_t at = 0; at < size; at++)
        sum = (sum ^ from[at]) * 0x100000001B3u;
    return sum;
}

struct Header {
    uint32_t version = STATE_VERSION;
    uint32_t size = 0;
    uint64_t board = 0;
};

template<class Io>
void header_fields(Io &io, Header &header) {
    io(header.version, 4);
    io(header.size, 4);
    io(header.board, 8);
}

template<class Io>
void block_fields(Io &io, isadma_block &block, uint8_t &there) {
    io(there, 1);
    io(block.length, 8);
    io(block.position, 8);
    io(block.width, 1);
    io(block.to_host, 1);
    io(block.acknowledged, 1);
    io(block.moved, 1);
    io(block.counted, 1);
}

template<class Io>
void burst_fields(Io &io, isadma_burst &burst, uint8_t &there) {
    io(there, 1);
    io(burst.length, 8);
    io(burst.position, 8);
    io(burst.address, 4);
    io(burst.channel, 1);
    io(burst.to_memory, 1);
    io(burst.clocks, 1);
    io(burst.width, 1);
    io(burst.phase, 2);
    io(burst.word, 1);
    io(burst.carried, 2);
}

template<class Io>
void line_fields(Io &io, isadma_state &state) {
    for (uint64_t *field : {&state.clocks, &state.in, &state.shown, &state.out, &state.due, &state.hlda_delay, &state.bus_timeout,
                            &state.held, &state.dma_clocks, &state.stepped, &state.accesses, &state.mem_to_mem, &state.refreshes,
                            &state.refresh_clocks, &state.cpu_clocks, &state.master_clocks})
        io(*field, 8);
    io(state.quiet, 8);
    for (uint64_t *fields : {state.transfers, state.bytes, state.channel_clocks, state.conflicts})
        for (int channel = 0; channel < 8; channel++)
            io(fields[channel], 8);
    io(state.data, 2);
    io(state.strobed, 1);
    io(state.skip_idle, 1);
}

// What there is beside the board: lines, blocks, the burst.
struct Parts {
    isadma_state state;
    uint8_t blocks[8];
    uint8_t burst;
};

template<class Io>
void part_fields(Io &io, Parts &parts) {
    line_fields(io, parts.state);
    for (int channel = 0; channel < 8; channel++)
        block_fields(io, parts.state.blocks[channel], parts.blocks[channel]);
    burst_fields(io, parts.state.burst, parts.burst);
}

constexpr size_t HEADER_BYTES = sizeof MAGIC + 4 + 4 + 8;
constexpr size_t PART_BYTES = 17 * 8 + 4 * 8 * 8 + 4 + 8 * 22 + 30;
constexpr size_t STATE_BYTES = HEADER_BYTES + PART_BYTES + BOARD_SIZE + 8;

void save_state(const Embedded &machine, uint8_t *to) {
    Writer io{to + sizeof MAGIC};
    memcpy(to, MAGIC, sizeof MAGIC);
    Header header;
    header.size = uint32_t(STATE_BYTES);
    header.board = BOARD_ID;
    header_fields(io, header);
    Parts parts{};
    parts.state = machine.state;
    for (int channel = 0; channel < 8; channel++)
        parts.blocks[channel] = machine.state.blocks[channel].data != nullptr;
    parts.burst = machine.state.burst.data != nullptr;
    part_fields(io, parts);
    uint8_t board[BOARD_SIZE];
    save_board(machine.board, board);
    for (size_t word = 0; word < BOARD_SIZE / 4; word++) {
        uint32_t value;
        memcpy(&value, board + 4 * word, 4);
        io(value, 4);
    }
    io(checksum(to, STATE_BYTES - 8), 8);
}

bool is_block(const isadma_block &block, int channel) {
    const uint32_t flags = block.to_host | block.acknowledged | block.moved | block.counted;
    return block.width == (channel < 4 ? 1u : 2u) && flags <= 1 && block.length && block.length <= LONGEST_WAIT &&
           block.position <= block.length && !(block.length % block.width) && !(block.position % block.width);
}

bool is_burst(const isadma_burst &burst) {
    const uint64_t left = burst.length - burst.position;
    return burst.length && burst.length <= 0x7FFFFFFF && burst.position < burst.length && burst.address <= 0xFFFFFF &&
           Embedded::is_channel(int32_t(burst.channel)) && (burst.to_memory | burst.word) <= 1 && burst.clocks >= 2 &&
           (burst.width == 1 || burst.width == 2) && burst.phase <= burst.clocks && (!burst.word || left > 1);
}

// Whether a machine can go on with these numbers, whoever wrote them.
bool is_sound(const Parts &parts) {
    const isadma_state &state = parts.state;
    const auto is_wait = [](uint64_t clocks) { return clocks >= 1 && clocks <= LONGEST_WAIT; };
    if (state.clocks > LAST_CLOCK || state.held > LAST_CLOCK || state.quiet < -1 || state.quiet > int64_t(LAST_CLOCK) ||
        !is_wait(state.hlda_delay) || !is_wait(state.bus_timeout) || (state.in | state.shown) & ~IN_ALL || state.out & ~OUT_ALL ||
        state.strobed > 1 || state.skip_idle > 1 || parts.burst > 1 || (parts.burst && !is_burst(state.burst)))
        return false;
    for (int channel = 0; channel < 8; channel++)
        if (parts.blocks[channel] > 1 ||
            (parts.blocks[channel] && !(Embedded::is_channel(channel) && is_block(state.blocks[channel], channel))))
            return false;
    return true;
}

int32_t load_state(Embedded &machine, const uint8_t *from, size_t size) {
    if (size < HEADER_BYTES || memcmp(from, MAGIC, sizeof MAGIC))
        return ISADMA_E_FORMAT;
    Reader io{from + sizeof MAGIC};
    Header header;
    header_fields(io, header);
    if (header.version != STATE_VERSION)
        return ISADMA_E_VERSION;
    if (header.board != BOARD_ID)
        return ISADMA_E_OTHER;
    if (header.size != STATE_BYTES || size != STATE_BYTES)
        return ISADMA_E_DAMAGED;
    uint64_t sum;
    Reader{from + STATE_BYTES - 8}(sum, 8);
    if (sum != checksum(from, STATE_BYTES - 8))
        return ISADMA_E_DAMAGED;
    Parts parts{};
    part_fields(io, parts);
    if (!is_sound(parts))
        return ISADMA_E_DAMAGED;
    uint8_t board[BOARD_SIZE];
    for (size_t word = 0; word < BOARD_SIZE / 4; word++) {
        uint32_t value;
        io(value, 4);
        memcpy(board + 4 * word, &value, 4);
    }
    load_board(machine.board, board);
    clip_board(machine.board);
    take_back(machine.board);
    machine.driven = ~uint64_t(0);
    parts.state.chips = machine.state.chips;  // the harness's own, which nobody uses here
    parts.state.answered = machine.state.answered;
    machine.state = parts.state;
    machine.state.taken = 1;
    machine.unresumed = 0;
    for (int channel = 0; channel < 8; channel++) {
        machine.waiting[channel] = parts.state.blocks[channel];
        machine.state.blocks[channel] = {};
        machine.unresumed |= uint32_t(parts.blocks[channel]) << channel;
    }
    machine.waiting_burst = parts.state.burst;
    machine.state.burst = {};
    machine.unresumed |= parts.burst ? BURST_BIT : 0;
    return ISADMA_OK;
}

}  // namespace
