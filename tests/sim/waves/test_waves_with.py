"""`with pc.waves(...)`: the dump ends with the block, whatever else happened to it."""

import pytest

from isadma_sim import PC
from isadma_sim.waves.samples import samples


def test_the_dump_ends_with_the_block(tmp_path):
    with PC(engine="reference") as pc:
        with pc.waves(tmp_path / "in.vcd") as waves:
            pc.outb(0x0C, 0)
            end = pc.clocks
        pc.outb(0x0D, 0)
        assert (tmp_path / "in.gtkw").exists()
        assert waves.path == tmp_path / "in.vcd"
        pc.waves(None)
    accesses = {now["cpu.access"] for now in samples(tmp_path / "in.vcd")}
    assert accesses == {"-", "out:00Ch"}
    assert len(list(samples(tmp_path / "in.vcd"))) <= end


def test_an_error_in_the_block_leaves_a_whole_dump_and_passes(tmp_path):
    with PC(engine="reference") as pc:

        def stumble():
            with pc.waves(tmp_path / "t.vcd"):
                pc.outb(0x0C, 0)
                raise KeyError

        with pytest.raises(KeyError):
            stumble()
        pc.outb(0x0C, 0)
    assert list(samples(tmp_path / "t.vcd"))


def test_a_dump_that_was_ended_before_or_replaced_is_left_alone(tmp_path):
    with PC(engine="reference") as pc:
        with pc.waves(tmp_path / "a.vcd"):
            second = pc.waves(tmp_path / "b.vcd")
        pc.outb(0x0C, 0)
        assert pc.waves(None) is None
        with second:
            pass
        with pc.waves(tmp_path / "c.vcd"):
            pc.close()
    assert [now["cpu.access"] for now in samples(tmp_path / "b.vcd") if now["cpu.access"] != "-"]
