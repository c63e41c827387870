// Devices, reached through the callback, and the blocks that stand in for them (engines/blocks.py).
#pragma once
#include "chipset.h"  // and layout.h: pin positions, written by build.py from engines/pins.py

namespace {

constexpr uint32_t FLOATING = 0xFF;
constexpr uint32_t FLOATING_WORD = 0xFFFF;

struct Devices {
    isadma_state state{};
    Chipset chipset{state};
    isadma_callback callback;

    explicit Devices(isadma_callback callback) : callback(callback) {
        state.in = state.shown = IN_IDLE;
        state.out = OUT_IDLE;
    }

    virtual ~Devices() = default;

    virtual int32_t call(int32_t event, int32_t channel = 0, int32_t value = 0) {
        return callback(event, channel, value);
    }

    // Tells a channel's device; where there is none, nobody needs to be called.
    int32_t ask(int32_t event, int ch, int32_t nobody, int32_t value = 0) {
        return state.answered >> ch & 1 ? call(event, ch, value) : nobody;
    }

    // Whether a block answers the channel, and will not end in the next clock; or nobody does.
    bool goes_on(int ch) const {
        if (!(state.answered >> ch & 1))
            return true;
        const isadma_block &block = state.blocks[ch];
        return block.data && !block.counted && block.length - block.position > 2 * block.width;
    }

    void request(int ch) {
        const isadma_block &block = state.blocks[ch];
        const bool ahead = block.acknowledged && !(block.to_host && block.moved);
        const bool wants = !block.counted && block.length - block.position > (ahead ? block.width : 0);
        const uint64_t bit = uint64_t(1) << (IN_DRQ_LOW + ch);
        state.in = wants ? state.in | bit : state.in & ~bit;
    }

    void dack_changed(int ch, bool active) {
        isadma_block &block = state.blocks[ch];
        if (!block.data) {
            ask(active ? ISADMA_DACK_ON : ISADMA_DACK_OFF, ch, 0);
            return;
        }
        if (!active && block.acknowledged && !block.moved)
            block.position += block.width;
        block.acknowledged = active;
        block.moved = 0;
        if (!active && (block.counted || block.position >= block.length))
            call(ISADMA_BLOCK_OVER, ch);
        else
            request(ch);
    }

    void terminal_count(int ch) {
        isadma_block &block = state.blocks[ch];
        if (!block.data) {
            ask(ISADMA_TC, ch, 0);
            return;
        }
        block.counted = 1;
        request(ch);
    }

    uint32_t dma_read(int ch) {
        isadma_block &block = state.blocks[ch];
        if (!block.data)
            return uint32_t(ask(ISADMA_DMA_READ, ch, ch < 4 ? FLOATING : FLOATING_WORD));
        block.moved = 1;
        uint32_t value = block.width > 1 ? FLOATING_WORD : FLOATING;
        if (block.position < block.length) {
            value = block.data[block.position++];
            if (block.width > 1)
                value |= uint32_t(block.data[block.position++]) << 8;
        }
        request(ch);
        return value;
    }

    void dma_write(int ch, uint32_t value) {
        isadma_block &block = state.blocks[ch];
        if (!block.data) {
            ask(ISADMA_DMA_WRITE, ch, 0, int32_t(value));
            return;
        }
        block.moved = 1;
        if (block.position < block.length) {
            block.data[block.position++] = value & 0xFF;
            if (block.width > 1)
                block.data[block.position++] = value >> 8 & 0xFF;
        }
        request(ch);
    }

    // ------------------------------------------------------------------ who calls
    static uint64_t caller() {
        static thread_local char mark;
        return uint64_t(reinterpret_cast<uintptr_t>(&mark));
    }
    // Whether the caller is the owner, and no callback: those are made with the turn taken.
    bool welcome() const { return state.owner == caller() && !state.taken; }
};

}  // namespace
