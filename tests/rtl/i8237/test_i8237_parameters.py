"""A bad parameter is refused on entry, in one line that names it and the way out."""

import pytest

from isadma.i8237 import I8237
from isadma.i8237.regs import address_port, count_port
from isadma.i8237.socket import Socket

pytestmark = pytest.mark.filterwarnings("ignore::amaranth.hdl.UnusedElaboratable")


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"variant": "hmos"}, 'variant=\'hmos\': choose "nmos" .* or "cmos"'),
        ({"undefined_read": 256}, "undefined_read=256 is no byte: give a value from 0 to 0xFF"),
        ({"undefined_read": -1}, "undefined_read=-1 is no byte"),
        ({"undefined_read": "FF"}, "undefined_read='FF' is no byte"),
    ],
)
def test_a_bad_parameter_of_the_chip_is_named_with_its_value(options, message):
    with pytest.raises(ValueError, match=message):
        I8237(**options)


@pytest.mark.parametrize("stages", [1, 0, 2.5])
def test_a_socket_with_too_few_synchronizer_stages_is_refused(stages):
    with pytest.raises(ValueError, match=f"stages={stages!r} is too few"):
        Socket(stages=stages)


@pytest.mark.parametrize("clock", [15, 251, 0, -1, 66.7, "50"])
def test_a_fabric_clock_that_is_none_is_refused(clock):
    with pytest.raises(ValueError, match=f"fabric_mhz={clock!r}: give whole MHz from 16 to 250"):
        Socket(fabric_mhz=clock)


def test_channel_4_is_refused():
    with pytest.raises(ValueError, match="channel 4 does not exist"):
        address_port(4)


def test_channel_ports_are_the_data_sheets():
    assert [address_port(i) for i in range(4)] == [0, 2, 4, 6]
    assert [count_port(i) for i in range(4)] == [1, 3, 5, 7]
