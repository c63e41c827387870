// The 8237A's registers: what an access by A3-A0 reads and changes, and what each bit means to a service.
// Ref: Intel 8237A data sheet, order no. 231466-005, pages 4 and 7 to 11; the 82C37A's read-back map for CMOS.
// Written from the facts and the clock contract alone: it includes nothing that comes from the RTL.
#pragma once
#include <cstdint>

namespace golden {

enum Service : uint8_t { DEMAND = 0, SINGLE = 1, BLOCK = 2, CASCADE = 3 };       // mode bits 7-6
enum Type : uint8_t { VERIFY = 0, WRITE = 1, READ = 2, ILLEGAL = 3 };            // mode bits 3-2

struct Channel {
    uint16_t address = 0, count = 0, base_address = 0, base_count = 0;
    uint8_t mode = 0;  // bits 7-2; bits 1-0 are kept as zeros

    Service service() const { return Service(mode >> 6); }
    Type type() const { return Type(mode >> 2 & 3); }
    bool autoinitialize() const { return mode & 0x10; }
    bool decrement() const { return mode & 0x20; }
    // A byte goes to that half of base and current at once.
    void write(bool is_count, bool high, uint8_t byte) {
        uint16_t &now = is_count ? count : address, &base = is_count ? base_count : base_address;
        for (uint16_t *word : {&now, &base}) *word = high ? (*word & 0x00FF) | byte << 8 : (*word & 0xFF00) | byte;
    }
    void step(bool hold) {
        count--;
        if (!hold) address += decrement() ? -1 : 1;
    }
    void reload() { address = base_address, count = base_count; }
};

struct Registers {
    Channel channel[4];
    uint8_t command = 0, status = 0, request = 0, mask = 0xF, temporary = 0, listed = 0, undefined_read = 0xFF;
    bool high_byte = false, cmos = false;

    // RESET and Master Clear: neither modes nor addresses nor counts.
    void clear() {
        command = status = request = temporary = listed = 0;
        mask = 0xF;
        high_byte = false;
    }

    bool memory_to_memory() const { return command & 0x01; }
    bool channel_0_holds() const { return command & 0x02; }
    bool disabled() const { return command & 0x04; }
    bool compressed() const { return (command & 0x09) == 0x08; }  // "don't care" with command bit 0 set
    bool early_write() const { return compressed() || command & 0x20; }
    bool rotating() const { return command & 0x10; }
    uint8_t dack_off() const { return command & 0x80 ? 0x0 : 0xF; }
    uint8_t active(uint8_t dreq) const { return (command & 0x40 ? ~dreq : dreq) & 0xF; }
    // Command bit 0 makes every service of channel 0 memory-to-memory, whatever its mode says.
    bool cascaded(int c) const { return channel[c].service() == CASCADE && !(c == 0 && memory_to_memory()); }

    uint8_t wanted(uint8_t dreq) const {
        if (disabled()) return 0;
        uint8_t software = request;
        for (int c = 0; c < 4; c++)
            if (cascaded(c)) software &= ~(1 << c);
        return (active(dreq) & ~mask) | software;
    }

    uint8_t read(int a, uint8_t dreq) const {
        if (a < 8) {
            uint16_t word = a & 1 ? channel[a >> 1].count : channel[a >> 1].address;
            return high_byte ? word >> 8 : word & 0xFF;
        }
        if (a == 0x8) return active(dreq) << 4 | status;
        if (a == 0xD) return temporary;
        if (!cmos) return undefined_read;
        switch (a) {
            case 0x9: return 0xF0 | request;
            case 0xA: return command;
            case 0xB: return channel[listed].mode | 0x03;
            case 0xF: return 0xF0 | mask;
            default: return undefined_read;  // reads of C and E are commands
        }
    }

    // What a read leaves behind when its strobe ends.
    void after_read(int a) {
        if (a < 8) high_byte = !high_byte;
        else if (a == 0x8) status = 0;
        else if (cmos && a == 0xB) listed = (listed + 1) & 3;
        else if (cmos && a == 0xC) high_byte = true;
        else if (cmos && a == 0xE) listed = 0;
    }

    static void one_bit(uint8_t &bits, uint8_t byte) {
        const uint8_t bit = 1 << (byte & 3);
        bits = byte & 4 ? bits | bit : bits & ~bit;
    }

    void write(int a, uint8_t byte) {
        if (a < 8) {
            channel[a >> 1].write(a & 1, high_byte, byte);
            high_byte = !high_byte;
            return;
        }
        switch (a) {
            case 0x8: command = byte; break;
            case 0x9: one_bit(request, byte); break;
            case 0xA: one_bit(mask, byte); break;
            case 0xB: channel[byte & 3].mode = byte & 0xFC; break;
            case 0xC: high_byte = false; break;
            case 0xD: clear(); break;
            case 0xE: mask = 0; break;
            case 0xF: mask = byte & 0xF; break;
        }
    }

    // TC or external EOP#, after the channel's last step.
    void end_of_process(int c) {
        status |= 1 << c;
        request &= ~(1 << c);
        if (channel[c].autoinitialize()) channel[c].reload();
        else mask |= 1 << c;
    }
};

}  // namespace golden
