// Coverage of a board's port decoding: accesses to its own ports by an address bit that does not count, and to ports that
// are none of its own for one address bit.
#pragma once
#include <string>
#include "bins.h"
#include "generate.h"

namespace fuzz {

class PortCoverage {
  public:
    static std::vector<Group> groups(const std::vector<Block> &blocks) {
        const std::vector<const char *> access = {"read", "write"};
        const Names &all = names(blocks);
        std::vector<const char *> echoes, beside;
        for (const Name &each : all.echoes) echoes.push_back(each.text.c_str());
        for (const Name &each : all.beside) beside.push_back(each.text.c_str());
        return {{"own port, with an address bit that does not count (bit, access)", {echoes, access}},
                {"port of nobody, an own one but for an address bit (bit, access)", {beside, access}}};
    }

    PortCoverage(const std::vector<Block> &blocks, uint64_t *bins) : blocks(blocks), known(names(blocks)), bins(bins) {}

    void clock(bool ior_n, bool iow_n, bool aen, uint32_t address) {
        if (!aen && !(ior_n && iow_n)) {
            under_way = true, writing = !iow_n, port = address & 0xFFFF;
        } else if (under_way) {
            under_way = false;
            if (owner(blocks, port) >= 0) count(known.echoes, 0, [&](const Name &n) { return n.block == owner(blocks, port) && port >> n.bit & 1; });
            else count(known.beside, known.echoes.size(), [&](const Name &n) { return blocks[n.block].has(port ^ 1u << n.bit); });
        }
    }

  private:
    struct Name {
        int block, bit;
        std::string text;
    };
    struct Names {
        std::vector<Name> echoes, beside;
    };
    const std::vector<Block> &blocks;
    const Names &known;
    uint64_t *bins;
    bool under_way = false, writing = false;
    uint16_t port = 0;

    static int owner(const std::vector<Block> &blocks, uint32_t port) {
        for (size_t n = 0; n < blocks.size(); n++)
            if (blocks[n].has(port)) return int(n);
        return -1;
    }
    template <class Is> void count(const std::vector<Name> &of, size_t first, Is is) {
        for (size_t n = 0; n < of.size(); n++)
            if (is(of[n])) bins[2 * (first + n) + writing]++;
    }
    // Only what can be: some ports that are one bit away are other ones of the board.
    static const Names &names(const std::vector<Block> &blocks) {
        static const Names all = [&] {
            Names made;
            for (int n = 0; n < int(blocks.size()); n++) {
                const Block &b = blocks[n];
                for (int bit = 0; bit < 16; bit++) {
                    const Name name{n, bit, std::string(b.name) + ", A" + std::to_string(bit)};
                    if (b.echo >> bit & 1) made.echoes.push_back(name);
                    bool leaves = false;
                    for (uint32_t port = b.first; port <= b.last; port++) leaves |= owner(blocks, port ^ 1u << bit) < 0;
                    if (leaves) made.beside.push_back(name);
                }
            }
            return made;
        }();
        return all;
    }
};

}  // namespace fuzz
