"""The driver on the hardware itself, whatever engine runs the other tests."""

import pytest

from isadma_driver import Direction, Floppy, Kernel, PhysicalBuffer, RecordingMachine
from isadma_sim import PC
from isadma_sim.devices.floppy import FloppyController, Image
from isadma_sim.engines.native.compiler import missing

ENGINES = ["reference", "amaranth", *(["native"] if missing() is None else [])]

IN, OUT = Direction.FROM_DEVICE, Direction.TO_DEVICE


def test_the_floppy_driver_reads_and_writes_a_disk_by_dma(rtl, rng):
    content = rng.randbytes(1474560)
    image = Image.from_bytes(content)
    rtl.attach(FloppyController([image], speed="full"), dma=2, irq=6)
    with Floppy(Kernel(rtl)) as floppy:
        assert floppy.read(35, 2) == content[35 * 512 : 37 * 512]
        floppy.write(1, content[:512])
        floppy.verify(1)
        assert (floppy.retries, floppy.lost_interrupts, floppy.uses_dma) == (0, 0, True)
    assert image.data == content[:512] + content[:512] + content[1024:]


@pytest.mark.parametrize("channel", [0, 1, 3, 5, 6, 7])
def test_a_buffer_goes_out_and_comes_back_on_every_channel(rig, rtl, rng, channel):
    bench = rig(channel, rtl, irq=5)
    data = rng.randbytes(302)
    rtl.memory[0x3F0000:0x3F012E] = data
    with bench.transfer(PhysicalBuffer(0x3F0000, 302), OUT) as transfer:
        transfer.start()
        transfer.wait(seconds=0.1)
    bench.pump.source = bytes(bench.pump.sink)
    with bench.transfer(PhysicalBuffer(0x5F0000, 302), IN) as transfer:
        transfer.start()
        transfer.wait(seconds=0.1)
    assert rtl.memory[0x5F0000:0x5F012E] == data


@pytest.mark.parametrize("channel", [1, 5])
def test_a_residue_read_while_the_channel_runs_is_never_torn(rig, rtl, channel):
    bench = rig(channel, rtl)
    dma = bench.kernel.dma
    size = 0x220 * dma.board.width(channel)  # both bytes of the count change on the way
    bench.pump.source = bytes(size)
    dma.start_dma(bench.claim, 0x200000, size)
    bench.go(0, size)
    width = dma.board.width(channel)
    seen = []
    while not seen or seen[-1]:
        before = bench.pump.taken
        seen.append(dma.get_dma_residue(bench.claim))
        # What was left lies between what had moved before the question and what had moved after it.
        assert size - bench.pump.taken - width <= seen[-1] <= size - before
        assert len(seen) < 2000
    assert len(seen) > 20
    assert seen == sorted(seen, reverse=True)


def test_every_engine_sees_the_same_accesses_at_the_same_clocks(rng):
    content = rng.randbytes(368640)
    runs = []
    for engine in ENGINES:
        with PC(engine=engine) as pc:
            pc.attach(FloppyController([Image.from_bytes(content)], speed="full"), dma=2, irq=6)
            machine = RecordingMachine(pc)
            with Floppy(Kernel(machine), "360K") as floppy:
                data = floppy.read(17, 2)
            runs.append((data, machine.trace(), pc.clocks))
    assert all(run == runs[0] for run in runs)
    assert runs[0][0] == content[17 * 512 : 19 * 512]
