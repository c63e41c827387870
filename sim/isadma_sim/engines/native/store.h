// A memory of the board: at most one write of each port is pending, and a clock's writes are dropped or settled at once.
#pragma once
#include <cxxrtl/cxxrtl.h>

// Stands in for CXXRTL's memory<>, which queues writes on the heap and also those that are masked out.
template<size_t Width, size_t Depth, size_t Ports>
struct store {
    static constexpr size_t depth = Depth;

    struct write {
        size_t index;
        cxxrtl::value<Width> val;
        cxxrtl::value<Width> mask;
        int priority;
    };

    cxxrtl::value<Width> data[Depth];
    write pending[Ports];
    size_t writes = 0;

    const cxxrtl::value<Width> &operator[](size_t index) const { return data[index]; }

    void update(size_t index, const cxxrtl::value<Width> &val, const cxxrtl::value<Width> &mask, int priority = 0) {
        if (mask.is_zero())
            return;
        size_t at = writes++;
        for (; at > 0 && priority < pending[at - 1].priority; at--)
            pending[at] = pending[at - 1];
        pending[at] = {index, val, mask, priority};
    }

    void forget() { writes = 0; }

    void settle() {
        for (size_t at = 0; at < writes; at++)
            data[pending[at].index] = data[pending[at].index].update(pending[at].val, pending[at].mask);
        writes = 0;
    }

    template<class Observer>
    bool commit(Observer &) {
        settle();
        return true;
    }
};
