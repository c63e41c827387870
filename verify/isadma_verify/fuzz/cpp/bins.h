// Tables of coverage bins: groups of them, each bin named by its group and the value of every dimension.
#pragma once
#include <cstdint>
#include <cstdio>
#include <string>
#include <vector>

namespace fuzz {

struct Group {
    const char *name;
    std::vector<std::vector<const char *>> dimensions;
    int first = 0, size = 1;
};

class Bins {
  public:
    explicit Bins(std::vector<Group> made) : groups(std::move(made)) {
        for (Group &g : groups) {
            g.first = total;
            for (const auto &d : g.dimensions) g.size *= int(d.size());
            total += g.size;
        }
    }
    int size() const { return total; }
    // The bin of a group that has these values, one of each dimension.
    template <class... Values> int at(int group, Values... values) const {
        const Group &g = groups[group];
        int bin = 0, n = 0;
        ((bin = bin * int(g.dimensions[n++].size()) + int(values)), ...);
        return g.first + bin;
    }
    std::string name(int bin) const {
        for (const Group &g : groups) {
            if (bin >= g.first + g.size) continue;
            std::string text = g.name;
            int rest = bin - g.first, place = g.size;
            for (const auto &d : g.dimensions) {
                place /= int(d.size());
                text += std::string(" | ") + d[rest / place];
                rest %= place;
            }
            return text;
        }
        return "?";
    }

  private:
    std::vector<Group> groups;
    int total = 0;
};

}  // namespace fuzz
