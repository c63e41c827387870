// Runs a bench over packed rows: one fabric clock for each.
#include "bench.cc"

#include <cstddef>
#include <cstdint>

extern "C" {

cxxrtl_design::p_bench *bench_open() { return new cxxrtl_design::p_bench; }

void bench_close(cxxrtl_design::p_bench *bench) { delete bench; }

void bench_run(cxxrtl_design::p_bench *bench, const uint64_t *in, uint64_t *out, size_t rows) {
    for (size_t row = 0; row < rows; row++) {
        bench->p_inputs.set<uint64_t>(in[row]);
        bench->p_clk.set<bool>(false);
        bench->step();
        out[row] = bench->p_outputs.get<uint64_t>();
        bench->p_clk.set<bool>(true);
        bench->step();
    }
}

}
