// Functional coverage of one 8237A: bins counted from the golden model's states and registers, whatever the design does.
#pragma once
#include "bins.h"
#include "chip.h"

namespace fuzz {

using namespace golden;

// One point in which sources disagree (the facts' section 8), or another corner with a name of its own.
enum Row : uint8_t {
    VERIFY_NOT_READY, CLEAR_MASK_MASKED, SINGLE_DREQ_HELD, NO_WAIT, COMPRESSED_NOT_READY, HLDA_STILL_HIGH, DREQ_GONE_BEFORE_HLDA,
    DEMAND_DREQ_GONE_IN_S4, EXTERNAL_EOP_BEFORE_TC, STATUS_OF_MASKED, STATUS_OF_SOFTWARE, MODE_WRITE_WITH_TC, SOFTWARE_WHILE_MASKED,
    SOFTWARE_IN_SINGLE, SOFTWARE_IN_DEMAND, TC_WITH_OTHER_REQUEST, MASTER_CLEAR_WITH_MODES, RESET_UNMASKED, HALF_WRITE_KEEPS_HALF,
    COUNT_FFFF_READ, COPY_SECOND_BYTE, COPY_TC, COMMAND_COPY_COMPRESSED, CASCADE_LEFT, ADDRESS_WRAPS, MASKED_AFTER_HRQ,
    STATUS_READ_AT_TC, BOTH_EOPS, REQUEST_FOR_CASCADE, HIGHER_REQUEST_IN_S0, ROWS
};
static const std::vector<const char *> ROW_NAMES = {
    "row 1: verify, READY low at the end of S3", "row 2: clear mask with channels masked", "row 3: single mode, DREQ held for another transfer",
    "row 4: S2 S3 S4 without a wait", "row 5: compressed, READY low at the end of S2", "row 6: a request in SI while HLDA is still high",
    "row 7: DREQ gone in S0", "row 8: demand, DREQ gone in S4 only", "row 9: external EOP# before TC",
    "row 10: status read, a masked channel requests", "row 10: status read, a software request pending",
    "row 11: mode written with a TC bit set", "row 12: software request served while masked", "row 13: software request in single mode",
    "row 13: software request in demand mode", "row 14: TC with another channel's request bit set",
    "row 15: Master Clear with modes and counts loaded", "row 16: RESET with channels unmasked",
    "row 17: a byte written, the other half not zero", "row 18: count read as FFFFh after TC",
    "row 19: S11 of a second byte", "row 20: TC of memory-to-memory", "row 22: command with bits 0 and 3 both set",
    "row 23: a cascade left", "row 26: the address wraps at 64 K", "row 28: masked between HRQ and HLDA",
    "status read in the clock before a service that reaches TC", "TC and external EOP# in one transfer",
    "software request for a cascaded channel", "a higher request in S0"};

class Coverage {
  public:
    static Bins &table() {
        static Bins all(make());
        return all;
    }

    static std::vector<Group> make() {
        const std::vector<const char *> flag = {"off", "on"}, way = {"up", "down"}, service = {"demand", "single", "block"},
                                        service4 = {"demand", "single", "block", "cascade"}, priority = {"fixed", "rotating"},
                                        channel = {"0", "1", "2", "3"}, state(STATE_NAMES, STATE_NAMES + STATES),
                                        of = {"address", "count", "command", "request", "single mask", "mode", "flip-flop", "Master Clear", "clear mask", "all mask"};
        std::vector<const char *> states = state;
        states[SI_LATCHED] = "SI, latched", states[SW1] = "SW after S13", states[SW2] = "SW after S23";
        return {
            {"transfer (service, type, autoinitialize, address, priority, timing)",
             {service, {"verify", "write", "read", "illegal"}, flag, way, priority, {"normal", "extended write", "compressed"}}},
            {"memory to memory (source, destination, hold, autoinitialize 0, autoinitialize 1, extended write)", {way, way, flag, flag, flag, flag}},
            {"cascade (channel, priority)", {channel, priority}},
            {"EOP# low at the end of", {states}},
            {"READY low at the end of", {states}},
            {"end of process (cause, service, autoinitialize)", {{"TC", "external EOP#", "both"}, {"demand", "single", "block", "memory to memory"}, flag}},
            {"access ends in (state, access)", {{"SI", "SI, latched", "S0"}, {"read", "write"}}},
            {"competing (winner, loser, priority)", {channel, channel, priority}},
            {"written between request and grant (register, service)", {of, service4}},
            {"illegal read of", {{"9", "A", "B", "C", "E", "F"}}},
            {"corner", {ROW_NAMES}},
        };
    }

    explicit Coverage(uint64_t *bins) : bins(bins) {}

    // Before the edge that ends this clock.
    void before(const Chip &chip, const ChipIn &in, bool fall) {
        was = chip.state, was_address = chip.r.channel[chip.served].address;
        if (chip.access != Chip::NONE && in.ior_n && in.iow_n && !in.reset) access(chip, in);
        if (in.reset && chip.r.mask != 0xF) row(RESET_UNMASKED);
        if (!fall || in.reset) return;
        if (!in.eop_n) hit(EOP, chip.state);
        const Channel &c = chip.r.channel[chip.served];
        const uint8_t asking = chip.r.active(in.dreq);
        if (!in.ready) {
            hit(NOT_READY, chip.state);
            if (chip.state == S3 && c.type() == VERIFY) row(VERIFY_NOT_READY);
            if (chip.state == S2 && chip.r.compressed() && c.type() % 3) row(COMPRESSED_NOT_READY);
        }
        switch (chip.state) {
            case SI: {
                const uint8_t wanted = chip.r.wanted(in.dreq);
                if (wanted && in.hlda) row(HLDA_STILL_HIGH);
                for (int c = 0; c < 4; c++)
                    if (chip.r.request >> c & 1 && chip.r.cascaded(c)) row(REQUEST_FOR_CASCADE);
                break;
            }
            case S0:
                if (!((asking | chip.r.request) >> chip.served & 1)) row(DREQ_GONE_BEFORE_HLDA);
                if (chip.r.wanted(in.dreq) & ((1 << chip.served) - 1)) row(HIGHER_REQUEST_IN_S0);
                break;
            case S4:
                if (c.service() == DEMAND && chip.next_half.hrq && !((asking | chip.r.request) >> chip.served & 1)) row(DEMAND_DREQ_GONE_IN_S4);
                break;
            default: break;
        }
        requests = chip.r.wanted(in.dreq), rotating = chip.r.rotating(), asked = asking;
    }

    // After it.
    void after(const Chip &chip, bool fall) {
        if (!fall || chip.state == was) return;
        const Registers &r = chip.r;
        const Channel &c = r.channel[chip.served];
        const int timing = r.compressed() ? 2 : r.early_write() ? 1 : 0;
        switch (chip.state) {
            case SI_LATCHED:
                for (int other = 0; other < 4; other++)
                    if (other != chip.served && requests >> other & 1) hit(COMPETE, chip.served, other, rotating);
                if (served == chip.served && asked >> served & 1 && single) row(SINGLE_DREQ_HELD);
                if (r.request >> chip.served & 1 && !(asked & ~r.mask & 1 << chip.served)) {
                    if (r.mask >> chip.served & 1) row(SOFTWARE_WHILE_MASKED);
                    if (c.service() == SINGLE) row(SOFTWARE_IN_SINGLE);
                    if (c.service() == DEMAND) row(SOFTWARE_IN_DEMAND);
                }
                break;
            case SC: hit(CASCADES, chip.served, rotating); break;
            case S4:
                if (c.service() != CASCADE) hit(TRANSFER, c.service(), c.type(), c.autoinitialize(), c.decrement(), r.rotating(), timing);
                if (was == S3) row(NO_WAIT);
                if (chip.terminal || chip.external) {
                    hit(ENDS, chip.terminal ? chip.external ? 2 : 0 : 1, c.service() == CASCADE ? 2 : c.service(), c.autoinitialize());
                    if (!chip.terminal) row(EXTERNAL_EOP_BEFORE_TC);
                    else if (chip.external) row(BOTH_EOPS);
                    if (r.request) row(TC_WITH_OTHER_REQUEST);
                    if (status_read) row(STATUS_READ_AT_TC);
                }
                if (was_address == (c.decrement() ? 0x0000 : 0xFFFF)) row(ADDRESS_WRAPS);
                served = chip.served, single = c.service() == SINGLE, status_read = false;
                break;
            case S24: {
                const Channel &from = r.channel[0], &to = r.channel[1];
                hit(COPY, from.decrement(), to.decrement(), r.channel_0_holds(), from.autoinitialize(), to.autoinitialize(), r.early_write());
                if (chip.terminal || chip.external || chip.source_external)
                    hit(ENDS, chip.terminal ? chip.external || chip.source_external ? 2 : 0 : 1, 3, to.autoinitialize());
                if (chip.terminal) row(COPY_TC);
                break;
            }
            case S11: if (was == S24) row(COPY_SECOND_BYTE); break;
            case SI:
                if (was == SC) row(CASCADE_LEFT);
                served = -1;
                if (was == S4) served = chip.served;
                break;
            default: break;
        }
    }

  private:
    uint64_t *bins;
    State was = SI;
    uint8_t requests = 0, asked = 0;
    uint16_t was_address = 0;
    int served = -1;
    bool single = false, status_read = false, rotating = false;

    enum { TRANSFER, COPY, CASCADES, EOP, NOT_READY, ENDS, ACCESS, COMPETE, BETWEEN, ILLEGAL_READ, ROW };

    template <class... Values> void hit(int group, Values... values) { bins[table().at(group, values...)]++; }
    void row(Row which) { hit(ROW, which); }

    void access(const Chip &chip, const ChipIn &in) {
        const Registers &r = chip.r;
        const bool writing = chip.access == Chip::WRITING;
        const int a = chip.access_a;
        if (chip.state <= S0) hit(ACCESS, chip.state, writing);
        if (!writing) {
            static const int8_t illegal[16] = {-1, -1, -1, -1, -1, -1, -1, -1, -1, 0, 1, 2, 3, -1, 4, 5};
            if (illegal[a] >= 0) hit(ILLEGAL_READ, illegal[a]);
            if (a == 8) {
                status_read = true;
                if (r.active(in.dreq) & r.mask) row(STATUS_OF_MASKED);
                if (r.request) row(STATUS_OF_SOFTWARE);
            }
            if (a < 8 && a & 1 && r.channel[a >> 1].count == 0xFFFF && r.status >> (a >> 1) & 1) row(COUNT_FFFF_READ);
            return;
        }
        const uint8_t byte = chip.access_db;
        if (a < 8) {
            const Channel &c = r.channel[a >> 1];
            const uint16_t word = a & 1 ? c.count : c.address;
            if (r.high_byte ? word & 0xFF : word >> 8) row(HALF_WRITE_KEEPS_HALF);
        }
        if (a == 0x8 && (byte & 0x09) == 0x09) row(COMMAND_COPY_COMPRESSED);
        if (a == 0xB && r.status) row(MODE_WRITE_WITH_TC);
        if (a == 0xD && r.channel[1].mode && r.channel[1].count) row(MASTER_CLEAR_WITH_MODES);
        if (a == 0xE && r.mask) row(CLEAR_MASK_MASKED);
        if (chip.state != SI_LATCHED && chip.state != S0) return;
        const int bit = 1 << chip.served;
        if (((a == 0xA && byte & 4 && (byte & 3) == chip.served) || (a == 0xF && byte & bit)) && !(r.mask & bit)) row(MASKED_AFTER_HRQ);
        hit(BETWEEN, a < 8 ? a & 1 : a - 6, r.channel[chip.served].service());
    }
};

}  // namespace fuzz
