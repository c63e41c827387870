// The 8237A on Wishbone B4: a slave for registers, pages and error bits, a master for memory; one call for each clock.
// Ref: OpenCores, WISHBONE revision B4, chapter 3; the guide, "In a system-on-chip of your own", "The bus to the letter".
#pragma once
#include "chip.h"

namespace golden {

struct WishboneIn {
    uint8_t rst = 0, cyc = 0, stb = 0, we = 0, sel = 0, adr = 0;  // the registers' bus
    uint32_t dat_w = 0;
    uint8_t ack = 0, err = 0;  // memory's answers
    uint32_t dat_r = 0;
    uint8_t dreq = 0, device_in = 0, device_ready = 1, eop_n = 1;
};

struct WishboneOut {
    uint8_t ack = 0;
    uint32_t dat_r = 0;
    uint8_t cyc = 0, stb = 0, we = 0, sel = 0;
    uint32_t adr = 0, dat_w = 0;
    uint8_t dack = 0xF, ior_n = 1, iow_n = 1, device_out = 0, tc = 0, irq = 0;
};

// What an access is to, by its word address and lanes.
enum Addressed : uint8_t { OF_CHIP, OF_PAGES, OF_ERRORS, OF_NOTHING, NO_LANE };

struct WishboneDma {
    static constexpr int PAGES = 0x10, ERRORS = 0x14;

    Chip chip;
    uint16_t page[4] = {};
    uint8_t errors = 0;

    // An access to the registers: its clock, the first that asks for it being 1; 0: none, or it waits.
    int age = 0;
    bool writing = false, lost = false;
    Addressed of = NO_LANE;
    int a = 0;
    uint8_t byte = 0;
    uint32_t answer = 0, answer_sure = ~0u;

    // The way to memory: whether the bus is taken, and the transfer of the strobe that is low.
    enum Hold : uint8_t { FREE, TAKING, OWNED } hold = FREE;
    enum Transfer : uint8_t { NONE, ASKED, DONE } transfer = NONE;
    bool granted = false, to_memory = false, copying = false, byte_known = false;
    uint32_t adr = 0;
    int lane = 0;
    uint8_t out_byte = 0, in_byte = 0;

    static Addressed addressed(int adr, int sel) {
        if (!(sel & 1)) return NO_LANE;
        if (adr < PAGES) return OF_CHIP;
        if (adr < ERRORS) return OF_PAGES;
        return adr == ERRORS ? OF_ERRORS : OF_NOTHING;
    }
    bool slow() const { return of == OF_CHIP; }
    // The clock of an access in which it is acknowledged; afterwards a write is done, and a read's side effects.
    int acknowledged_at() const { return slow() && !writing ? 6 : 2; }
    int over_after() const { return !slow() ? 2 : writing ? 5 : 7; }
    bool chip_is_accessed() const { return age > 1 && slow(); }
    bool hlda() const { return granted && chip.now.hrq; }
    bool stopped() const { return errors >> chip.served & 1; }
    bool strobes() const { return chip.now.strobes_oe; }
    bool memr() const { return strobes() && !chip.now.memr_n; }
    bool memw() const { return strobes() && !chip.now.memw_n; }

    WishboneOut outputs(const WishboneIn &in) const {
        WishboneOut out;
        out.ack = in.cyc && in.stb && age == acknowledged_at() && !lost;
        out.dat_r = answer;
        out.cyc = hold != FREE;
        out.stb = hold == TAKING || transfer == ASKED;
        if (transfer == ASKED) out.we = to_memory, out.sel = 1 << lane, out.adr = adr, out.dat_w = uint32_t(out_byte) << 8 * lane;
        out.dack = chip.now.dack;
        if (strobes()) out.ior_n = chip.now.ior_n, out.iow_n = chip.now.iow_n;
        out.device_out = in_byte;
        out.tc = chip.now.eop_oe;
        out.irq = errors != 0;
        return out;
    }

    void clock(const WishboneIn &in, bool = true, bool = true) {
        if (in.rst) {
            reset();
            return;
        }
        const bool asked = in.cyc && in.stb, acked = outputs(in).ack;
        ChipIn pins;
        pins.dreq = in.dreq;
        pins.hlda = hlda();
        pins.ready = transfer == DONE && in.device_ready;
        pins.eop_n = in.eop_n && !stopped();
        pins.db = in_byte;
        // To the chip an access is one short strobe: a write's after its ACK, a read's with it, so none that is given up.
        if (slow() && writing && age == 4) pins.cs_n = pins.iow_n = 0, pins.a = a, pins.db = byte;
        if (slow() && !writing && acked) pins.cs_n = pins.ior_n = 0, pins.a = a;
        uint8_t fails = 0, clears = 0;
        if (transfer == ASKED && in.err) fails = 1 << chip.served;
        if (acked && in.we && of == OF_ERRORS) clears = in.dat_w & 0xF;
        const bool accessed = chip_is_accessed(), transferring = transfer == ASKED;
        access(in, asked);
        memory(in);
        bus(in, accessed, transferring);
        if (acked && in.we && of == OF_PAGES) page[in.adr & 3] = in.dat_w;
        errors = (errors & ~clears) | fails;
        chip.clock(pins, true, true);
    }

  private:
    uint8_t high = 0, dreq_before = 0;
    int dreq_still = 0;

    void reset() {
        ChipIn pins;
        pins.reset = 1;
        chip.clock(pins, true, true);
        errors = 0, age = 0, hold = FREE, transfer = NONE, granted = byte_known = false;
    }

    // A strobe makes one transfer; address, direction and byte are taken as it falls, a byte to memory once it is there.
    void memory(const WishboneIn &in) {
        if (chip.now.adstb) high = chip.now.db;
        switch (transfer) {
            case NONE: {
                copying = memw() && chip.state >= S21;
                if (hold != OWNED || !chip.now.hrq || !(memr() || (memw() && (copying || in.device_ready)))) break;
                if (stopped()) {
                    // A read gives FFh; what the device is shown after a write that is lost, nobody says.
                    in_byte = 0xFF, byte_known = memr(), transfer = DONE;
                    break;
                }
                const uint32_t address = uint32_t(page[copying ? 1 : chip.served]) << 16 | high << 8 | chip.now.a;
                adr = address >> 2, lane = address & 3, to_memory = memw();
                out_byte = copying ? chip.now.db : in.device_in;
                transfer = ASKED;
                break;
            }
            case ASKED:
                if (!(in.ack || in.err)) break;
                if (!to_memory) in_byte = in.err ? 0xFF : in.dat_r >> 8 * lane, byte_known = true;
                transfer = DONE;
                break;
            case DONE:
                if (!memr() && !memw()) transfer = NONE;
                break;
        }
    }

    // HRQ takes the bus by an empty transfer; HLDA follows it, when no access to the chip is under way.
    void bus(const WishboneIn &in, bool accessed, bool transferring) {
        const bool hrq = chip.now.hrq;
        granted = hold == OWNED && hrq && (granted || !accessed);
        switch (hold) {
            case FREE: if (hrq) hold = TAKING; break;
            case TAKING: if (in.ack || in.err) hold = OWNED; break;
            case OWNED: if (!hrq && !transferring) hold = FREE; break;
        }
    }

    void access(const WishboneIn &in, bool asked) {
        dreq_still = in.dreq == dreq_before ? dreq_still + 1 : 0;
        dreq_before = in.dreq;
        if (!age) {
            if (asked) begin(in);
        } else if (lost) {
            lost = false, age = 0;  // the clock in which the chip hears that nothing has been
        } else if (age <= acknowledged_at() && !asked) {
            // A read that has begun takes a clock more to take back.
            if (slow() && !writing && age > 2) lost = true;
            else age = 0;
        } else {
            if (age == 5 && slow() && !writing) {
                answer = chip.r.read(a, in.dreq);
                answer_sure = a == 8 && dreq_still < 2 ? 0x0F : ~0u;
            }
            age = age == over_after() ? 0 : age + 1;
        }
    }
    void begin(const WishboneIn &in) {
        of = addressed(in.adr, in.sel), writing = in.we, a = in.adr & 0xF, byte = in.dat_w;
        if (slow() && hold == OWNED) return;  // it waits while the chip has the bus
        age = 2;
        if (slow()) return;
        answer_sure = ~0u;
        answer = of == OF_PAGES ? page[in.adr & 3] : of == OF_ERRORS ? errors : 0;
    }
};

}  // namespace golden
