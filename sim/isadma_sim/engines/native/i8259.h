// The 8259A in C++, and how the boards wire it; machine/i8259.py is the model that it is compared with.
#pragma once
#include <cstdint>

namespace isadma {

// Ref: Intel 8259A/8259A-2 data sheet, order no. 231468-003, "Programming the 8259A".
enum icw1_bits : uint32_t { ICW1_IC4 = 0x01, ICW1_SNGL = 0x02, ICW1_LTIM = 0x08, ICW1_INIT = 0x10 };
enum icw4_bits : uint32_t { ICW4_UPM = 0x01, ICW4_AEOI = 0x02, ICW4_SFNM = 0x10, ICW4_BITS = 0x1F };
enum ocw3_bits : uint32_t { OCW3_RIS = 0x01, OCW3_RR = 0x02, OCW3_POLL = 0x04, OCW3 = 0x08, OCW3_SMM = 0x20, OCW3_ESMM = 0x40 };
// Command words that a chip being initialized still waits for, the next one in the lowest bit; 0 in operation.
enum pic_waits : uint32_t { WAITS_ICW1 = 1, WAITS_ICW2 = 2, WAITS_ICW3 = 4, WAITS_ICW4 = 8 };

constexpr int DEFAULT_LEVEL = 7;

// What an acknowledge cycle took.
struct taken_level {
    int level;
    bool genuine;
};

// One chip; the fields are Python's too (chips.py). Each call that may change INT says whether it did.
struct pic {
    uint32_t lines;         // IR pins, bit n = IRn
    uint32_t armed;         // edge sense latches: the pin was low since its last acknowledge
    uint32_t int_out;
    uint32_t isr, imr;
    uint32_t lowest;        // the level of lowest priority
    uint32_t vector;        // ICW2
    uint32_t icw1, icw3, icw4;
    uint32_t waits;         // `pic_waits`
    uint32_t read_isr, poll, special_mask, rotate_aeoi;

    uint32_t requests() const { return icw1 & ICW1_LTIM ? lines : lines & armed; }

    uint32_t serving() const { return special_mask ? isr & ~imr : isr; }

    bool set_ir(int level, bool high) {
        const uint32_t bit = 1u << level;
        lines = high ? lines | bit : lines & ~bit;
        if (!high)
            armed |= bit;
        return update();
    }

    bool update() {
        const uint32_t pending = !waits && winner() >= 0;
        const bool changed = pending != int_out;
        int_out = pending;
        return changed;
    }

    // The level that may interrupt now, -1 for none.
    int winner() const {
        const uint32_t asking = requests() & ~imr & 0xFF;
        if (!asking)
            return -1;
        const uint32_t held = serving();
        const uint32_t nested = (icw4 & ICW4_SFNM) && !(icw1 & ICW1_SNGL) ? icw3 : 0;
        for (int at = 1; at <= 8; at++) {
            const int level = (lowest + at) & 7;
            const uint32_t bit = 1u << level;
            if (held & bit)
                return asking & nested & bit ? level : -1;
            if (asking & bit)
                return level;
        }
        return -1;
    }

    int highest_in_service() const {
        const uint32_t held = serving();
        for (int at = 1; at <= 8; at++)
            if (held >> ((lowest + at) & 7) & 1)
                return (lowest + at) & 7;
        return -1;
    }

    // The first INTA pulse; INT is low after it.
    taken_level begin_inta() {
        const int level = waits ? -1 : winner();
        int_out = 0;
        if (level < 0)
            return {DEFAULT_LEVEL, false};
        isr |= 1u << level;
        armed &= ~(1u << level);
        return {level, true};
    }

    // The end of the last one.
    bool end_inta(taken_level taken) {
        if (taken.genuine && (icw4 & ICW4_AEOI)) {
            isr &= ~(1u << taken.level);
            if (rotate_aeoi)
                lowest = uint32_t(taken.level);
        }
        return update();
    }

    // The byte of the last INTA pulse.
    uint32_t vector_of(int level) const { return icw4 & ICW4_UPM ? (vector & 0xF8) | uint32_t(level) : vector; }

    bool has_slave(int level) const { return !(icw1 & ICW1_SNGL) && (icw3 >> level & 1); }

    void write(uint32_t a0, uint32_t value) {
        if (!a0 && (value & ICW1_INIT))
            initialize(value);
        else if (a0)
            data(value);
        else if (value & OCW3)
            command3(value);
        else
            command2(value >> 5, int(value & 7));
    }

    void initialize(uint32_t value) {
        icw1 = value;
        armed = ~lines & 0xFF;
        imr = isr = 0;
        lowest = icw3 = 7;
        icw4 = special_mask = read_isr = poll = rotate_aeoi = 0;
        waits = WAITS_ICW2;
        if (!(value & ICW1_SNGL))
            waits |= WAITS_ICW3;
        if (value & ICW1_IC4)
            waits |= WAITS_ICW4;
    }

    void data(uint32_t value) {
        const uint32_t next = waits & -waits;
        if (next == 0 || next == WAITS_ICW1) {
            imr = value;
            return;
        }
        waits &= ~next;
        if (next == WAITS_ICW2)
            vector = value;
        else if (next == WAITS_ICW3)
            icw3 = value;
        else
            icw4 = value & ICW4_BITS;
    }

    void command2(uint32_t command, int level) {
        switch (command) {
        case 0b001:  // EOI
        case 0b101:  // and rotate
            level = highest_in_service();
            if (level < 0)
                return;
            [[fallthrough]];
        case 0b011:  // specific EOI
        case 0b111:  // and rotate
            isr &= ~(1u << level);
            if (command & 0b100)
                lowest = uint32_t(level);
            break;
        case 0b110:  // set priority
            lowest = uint32_t(level);
            break;
        case 0b010:  // no operation
            break;
        default:  // rotation in automatic EOI
            rotate_aeoi = command == 0b100;
        }
    }

    void command3(uint32_t value) {
        if (value & OCW3_ESMM)
            special_mask = (value & OCW3_SMM) != 0;
        if (value & OCW3_POLL)
            poll = 1;
        else if (value & OCW3_RR)
            read_isr = value & OCW3_RIS;
    }
};

}  // namespace
