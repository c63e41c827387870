"""A machine as a WebAssembly module: it needs nothing of its surroundings, and power-ups take no more memory."""

import pytest
import wasmtime

from isadma_sim.lab.build import machine_wasm
from isadma_sim.lab.pins import MACHINES


@pytest.mark.parametrize("machine", MACHINES)
def test_a_machine_stands_alone_in_memory_that_does_not_grow(machine):
    store = wasmtime.Store()
    module = wasmtime.Module(store.engine, machine_wasm(machine))
    assert module.imports == []
    calls = wasmtime.Instance(store, module, []).exports(store)
    calls["_initialize"](store)
    size, at = calls["memory"].size(store), calls["lab_io"](store)
    for _ in range(20_000):
        calls["lab_power"](store)
        calls["lab_settle"](store)
    assert (calls["memory"].size(store), calls["lab_io"](store)) == (size, at)
