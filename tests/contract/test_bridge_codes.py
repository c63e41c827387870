"""Two readings of the bridge's protocol, one check: the host's codes against the hardware's."""

from isadma.soc import bridge_codes as rtl
from isadma.soc import pattern
from isadma.soc.uart_pc import DEVICE_PORT
from isadma_boards.tops.top import BAUD
from isadma_sim.engines.uart import client, codes, serial_port


def values(enum):
    return {name: int(member) for name, member in enum.__members__.items()}


def test_host_and_hardware_frame_alike():
    for name in ("SYNC", "ESCAPE", "ESCAPE_FLIP", "PROTOCOL"):
        assert getattr(codes, name) == getattr(rtl, name)


def test_host_and_hardware_agree_on_commands_registers_and_status():
    assert values(codes.Command) == {name: code << 4 for name, code in values(rtl.Command).items()}
    assert values(codes.Set) == values(rtl.Set)
    assert values(codes.Get) == {name: code for name, code in values(rtl.Get).items() if name != "LENGTH"}
    assert values(codes.Action) == values(rtl.Action)
    assert values(codes.Status) == values(rtl.Status)


def test_host_and_hardware_agree_on_the_boards_device_and_the_speed():
    assert values(codes.Device) == {name: DEVICE_PORT + code for name, code in values(pattern.Port).items()}
    assert serial_port.BAUD == BAUD
    assert client.ACCESS_CLOCKS == 7
