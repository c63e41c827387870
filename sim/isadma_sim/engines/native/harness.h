// What Python and the harness share: one struct that both read and write, and the calls between them.
#pragma once
#include "i8254.h"
#include "i8259.h"

extern "C" {

// What a callback reports; the order is that of `Event` in library.py.
enum isadma_event : int32_t {
    ISADMA_DACK_OFF = 0,
    ISADMA_DACK_ON = 1,
    ISADMA_TC = 2,
    ISADMA_DMA_READ = 3,   // the answer is what the device drives
    ISADMA_DMA_WRITE = 4,
    ISADMA_DUE = 5,        // an event's clock has come
    ISADMA_BLOCK_OVER = 6, // a block has moved its last, or TC came
    ISADMA_IO_READ = 8,    // the CPU reads port `channel`: the answer is what is driven
    ISADMA_IO_WRITE = 9,   // it writes `value` there
    ISADMA_BURST_OVER = 7, // a bus master's burst is through, or the bus is not its own; value is the bytes moved
};

// Why a call came back.
enum isadma_reason : int32_t {
    ISADMA_REACHED = 0,    // what was asked for is done
    ISADMA_STOPPED = 1,    // the world's stop flag, or a callback failed
    ISADMA_TIMED_OUT = 2,  // an access waited too long for the bus
    ISADMA_PAUSED = 3,     // a signal waits, or this was long enough: the machine is whole, go on
    ISADMA_CUT = 4,        // Python must be called next, and `taken` is 0: take the turn, and go on
    ISADMA_REFUSED = 5,    // another thread than the owner calls, or a callback does
};

// Who takes part in a port access besides the board.
enum isadma_kind : uint32_t {
    ISADMA_CLAIMED = 1,    // a device answers
    ISADMA_HIDDEN = 2,     // the board does not see the strobe
    ISADMA_PICS = 4,       // an 8259A answers, of chipset.h
    ISADMA_TIMER = 8,      // the timer does
    ISADMA_CONTROL = 12,   // the system control port does
    ISADMA_CHIP = 12,      // mask of these
};

typedef int32_t (*isadma_callback)(int32_t event, int32_t channel, int32_t value);

// A block under way (engines/blocks.py); `data` is null where there is none.
struct isadma_block {
    uint8_t *data;
    uint64_t length;       // bytes
    uint64_t position;     // bytes moved
    uint32_t width;        // bytes of a transfer
    uint32_t to_host;
    uint32_t acknowledged; // DACK# is active
    uint32_t moved;        // a strobe came under this DACK#
    uint32_t counted;      // TC came
};

// A bus master's burst under way (engines/mastering.py); `data` is null where there is none.
struct isadma_burst {
    uint8_t *data;
    uint64_t length;       // bytes
    uint64_t position;     // bytes moved
    uint32_t address;
    uint32_t channel;
    uint32_t to_memory;
    uint32_t clocks;       // of a cycle
    uint32_t width;        // bytes of the card's connector
    uint32_t phase;        // clocks gone by in the running cycle
    uint32_t word;         // the running cycle's width
    uint32_t carried;      // what its source put on the bus
};

// What may not be written, and what was (machine/guard.py).
struct isadma_guard {
    uint32_t roms;             // regions in use
    uint32_t watching;         // whether writes are recorded
    uint32_t first_page;       // pages that may have been written
    uint32_t last_page;
    uint64_t starts[16];
    uint64_t ends[16];         // the address behind each region
    uint16_t low[4096];        // by page: the first byte written,
    uint16_t high[4096];       // and the one behind the last
};

// The chips around the board (chipset.h).
struct isadma_chips {
    isadma::pic pics[2];
    isadma::counter counters[3];
    uint32_t pair;           // there are two 8259As
    uint32_t timed;          // there is a timer
    uint32_t xt;             // 61h and 62h are an 8255's
    uint32_t read_back;      // an 8254, and no 8253
    uint32_t out1;           // OUT1 is wired to the board
    uint32_t counts_cycles;  // bit 4 of port 61h shows refresh cycles, and not requests
    uint32_t written;        // to port 61h
    uint32_t shown[2];       // OUT0 and OUT1, as others see them
    int64_t changes[2];      // pulses before which they stand still
    uint64_t due;            // clock of the next of these
    uint64_t clocks;         // so many clocks
    uint64_t pulses;         // are so many pulses
    uint64_t int_since;      // clock at which INT rose last
};

// The machine between two clocks. Python changes `in`, `due`, `stop` and `hit` also from inside a callback.
struct isadma_state {
    uint64_t clocks;       // 8237 clocks gone by
    uint64_t in;           // input pins, packed as in engines/pins.py
    uint64_t shown;        // the same at the end of the previous clock
    uint64_t out;          // output pins in the previous clock
    uint64_t due;          // clock of the next event
    uint64_t hlda_delay;   // clocks from HRQ to HLDA
    uint64_t bus_timeout;  // clocks that the CPU waits for the bus
    uint64_t held;         // clocks that HRQ has been high with the CPU off the bus
    int64_t quiet;         // clocks without a change
    uint64_t dma_clocks;
    uint64_t stepped;
    uint64_t accesses;
    uint64_t mem_to_mem;
    uint64_t refreshes;
    uint64_t transfers[8];
    uint64_t bytes[8];
    uint64_t channel_clocks[8];  // whose clock it was, as in engines/stats.py
    uint64_t refresh_clocks;
    uint64_t cpu_clocks;
    uint64_t master_clocks;
    uint64_t conflicts[8];
    uint32_t stop;         // set by a callback: come back at the end of this clock
    uint32_t cpu;          // a CPU cycle is running
    uint32_t data;         // what the DMA cycle's source put on the bus
    uint32_t strobed;      // a strobe was seen in this DACK frame
    uint32_t failed;       // a callback raised: come back before anything else happens
    uint32_t skip_idle;    // jump over clocks in which nothing can happen
    uint32_t taken;        // Python has taken the turn (machine/turn.py): signals are held back, callbacks may be made
    uint32_t hit;          // a signal waits: come back where the machine is whole
    uint32_t access;       // the part of a port access that was cut short, 0 for none: it is finished first
    uint64_t owner;        // the thread that may call, as `isadma_adopt` knows it; 0 for none
    isadma_block blocks[8];
    isadma_burst burst;
    uint32_t watch_int;    // come back when INT rises: someone waits for an interrupt
    uint32_t answered;     // channels whose DACK# somebody answers
    uint64_t more_refreshes;  // that Python's clock counted
    uint64_t noted;        // rows of the recording that wait to be taken
    isadma_chips chips;
};

}
