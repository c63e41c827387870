"""The EtherLink driver against the simulated card: frames bit for bit, and a wrong jumper found out."""

from fractions import Fraction

import pytest

from isadma_driver import Kernel
from isadma_driver.errors import ChannelBusyError, DmaError, DmaTimeoutError, EthernetError
from isadma_driver.ethernet import EtherLinkDriver
from isadma_sim.devices.ethernet import EtherLink, Packet, read_pcap, write_pcap

STATION = bytes.fromhex("02608c123456")
OTHER = bytes.fromhex("02608c654321")


class Office:
    """A PC with an EtherLink in it."""

    def __init__(self, pc, **options):
        self.pc = pc
        self.card = EtherLink(**options)
        pc.attach(self.card)
        self.kernel = Kernel(pc)
        self.free = self.kernel.pages.reports()

    def sent(self):
        return [packet.frame for packet in self.card.sent]


@pytest.fixture
def office(pc):
    return Office(pc)


@pytest.fixture
def frame(rng):
    return lambda size, to=OTHER: to + STATION + rng.randbytes(size - 12)


@pytest.mark.parametrize("dma", [1, 2, 3, None])
def test_frames_go_out_bit_for_bit_on_each_channel_and_without_one(pc, frame, dma):
    office = Office(pc, dma=dma)
    frames = [frame(size) for size in (60, 61, 512, 1513, 1514)]
    with EtherLinkDriver(office.kernel, dma=dma) as ethernet:
        assert ethernet.address == STATION
        assert ethernet.uses_dma == (dma is not None)
        for data in frames:
            ethernet.send(data)
        assert ethernet.lost_interrupts == 0
    assert office.sent() == frames
    assert sum(pc.stats.bytes) == (sum(map(len, frames)) if dma else 0)


@pytest.mark.parametrize("dma", [1, 3, None])
def test_a_pcap_file_comes_in_and_another_goes_out_bit_for_bit(pc, frame, tmp_path, dma):
    frames = [frame(60 + 145 * n, STATION if n % 3 else b"\xff" * 6) for n in range(11)]
    write_pcap(tmp_path / "in.pcap", [Packet(Fraction(n, 1000), data) for n, data in enumerate(frames)])
    office = Office(pc, dma=dma, frames_in=tmp_path / "in.pcap", frames_out=tmp_path / "out.pcap")
    with EtherLinkDriver(office.kernel, dma=dma) as ethernet:
        for data in frames:
            got = ethernet.receive()
            assert got == data
            ethernet.send(got)
        assert ethernet.lost_interrupts == 0
    pc.close()
    assert [packet.frame for packet in read_pcap(tmp_path / "out.pcap")] == frames


@pytest.mark.parametrize(("jumper", "told"), [(1, 3), (3, 1), (2, 3)])
def test_a_wrong_jumper_is_an_error_that_names_both_channels_and_nothing_is_sent(pc, frame, jumper, told):
    office = Office(pc, dma=jumper)
    with EtherLinkDriver(office.kernel, dma=told) as ethernet:
        message = (
            f"requests DMA channel {jumper}, its jumper, and the driver was told {told}: move the jumper to {told}"
        )
        with pytest.raises(EthernetError, match=message):
            ethernet.send(frame(60))
        assert sum(pc.stats.bytes) == 0
        assert not any(shadow.enabled for shadow in office.kernel.dma.shadows)
        office.card.receive(frame(60, STATION))
        with pytest.raises(EthernetError, match=message):
            ethernet.receive()
    pc.delay(0.01)
    assert office.sent() == []
    assert office.kernel.proc_dma() == " 4: cascade\n"


def test_a_card_without_a_jumper_is_told_from_one_with_another(pc, frame):
    office = Office(pc, dma=None)
    with (
        EtherLinkDriver(office.kernel, dma=3) as ethernet,
        pytest.raises(EthernetError, match="requests no DMA channel, and the driver was told 3: set its DMA jumper"),
    ):
        ethernet.send(frame(60))
    assert office.sent() == []


def test_a_terminal_count_seen_while_looking_for_the_jumper_is_kept_for_its_driver(office):
    dma = office.kernel.dma
    claim = dma.request_dma(3, "other")
    with dma.claim_dma_lock():
        dma.set_dma_mode(claim, 0x80)
        dma.set_dma_addr(claim, 0x20000)
        dma.set_dma_count(claim, 1)
    dma.enable_dma(claim)
    office.pc.outb(0x09, 0x07)  # a software request
    office.pc.run(clocks=50)
    assert dma.dma_requests() == []
    assert dma.dma_finished(claim)


def test_a_taken_channel_is_refused_with_the_advice_to_move_the_jumper(office):
    office.kernel.dma.request_dma(1, "sound")
    with pytest.raises(ChannelBusyError, match=r"'sound'; and it is set to it by jumper: move it to a free one"):
        EtherLinkDriver(office.kernel)
    office.kernel.interrupts.request_irq(5, "lpt2")
    with pytest.raises(DmaError, match="interrupt 5, wanted by 'etherlink', is held by 'lpt2'"):
        EtherLinkDriver(office.kernel, irq=5, dma=3)
    with EtherLinkDriver(office.kernel, dma=None):
        pass


def test_a_short_frame_is_filled_up_and_a_wrong_length_refused(office, frame):
    data = frame(20)
    with EtherLinkDriver(office.kernel) as ethernet:
        ethernet.send(data)
        for size in (13, 1515):
            with pytest.raises(ValueError, match=f"a frame of {size} bytes: use 14 to 1514"):
                ethernet.send(frame(size))
    assert office.sent() == [data + bytes(40)]


def test_a_frame_that_collides_is_sent_again(office, frame):
    data = frame(100)
    office.card.collisions = 15
    with EtherLinkDriver(office.kernel) as ethernet:
        ethernet.send(data)
        assert ethernet.collisions == 15
        office.card.collisions = 16
        with pytest.raises(EthernetError, match="a frame of 100 bytes collided 16 times: is the cable terminated"):
            ethernet.send(data)
        ethernet.send(data)
    assert office.sent() == [data, data]


def test_only_own_and_broadcast_frames_come_unless_all_are_asked_for(pc, frame):
    office = Office(pc)
    frames = [frame(60, to) for to in (OTHER, STATION, b"\xff" * 6)]
    for promiscuous, expected in ((False, frames[1:]), (True, frames)):
        with EtherLinkDriver(office.kernel, promiscuous=promiscuous) as ethernet:
            for data in frames:
                office.card.receive(data)
            assert [ethernet.receive() for _ in expected] == expected
            assert ethernet.poll() is None


def test_another_station_address_can_be_given(office, frame):
    data = frame(60, OTHER)
    with EtherLinkDriver(office.kernel, station=OTHER) as ethernet:
        office.card.receive(data)
        assert ethernet.receive() == data


def test_a_broken_frame_is_counted_and_the_next_one_comes(office, frame):
    data = frame(60, STATION)
    office.card.receive(frame(30, STATION))
    office.card.receive(data)
    with EtherLinkDriver(office.kernel) as ethernet:
        assert ethernet.receive() == data
        assert ethernet.errors == 1


def test_a_frame_that_came_is_fetched_before_another_is_sent(office, frame):
    first, answer = frame(1514, STATION), frame(1514)
    with EtherLinkDriver(office.kernel) as ethernet:
        office.card.receive(first)
        office.pc.delay(0.005)
        ethernet.send(answer)
        assert ethernet.receive() == first
    assert office.sent() == [answer]


def test_a_frame_that_never_comes_is_a_timeout(office):
    with EtherLinkDriver(office.kernel) as ethernet:
        before = office.pc.clocks
        with pytest.raises(
            DmaTimeoutError, match=r"an Ethernet frame: neither interrupt 3 nor its result within 0\.02 s"
        ):
            ethernet.receive(seconds=0.02)
        assert office.pc.clocks - before == pytest.approx(80_000, rel=0.05)


def test_a_masked_interrupt_is_found_by_polling_and_counted(office, frame):
    with EtherLinkDriver(office.kernel) as ethernet:
        office.kernel.interrupts.set_mask(3, True)
        ethernet.send(frame(60))
        assert ethernet.lost_interrupts == 2
    assert len(office.sent()) == 1


def test_a_closed_driver_leaves_no_channel_line_or_memory(office, frame):
    ethernet = EtherLinkDriver(office.kernel)
    assert office.kernel.proc_dma() == " 1: etherlink\n 4: cascade\n"
    ethernet.close()
    ethernet.close()
    assert office.kernel.proc_dma() == " 4: cascade\n"
    assert office.kernel.pages.reports() == office.free
    office.kernel.interrupts.request_irq(3, "next")
    with pytest.raises(EthernetError, match="was closed: open it again"):
        ethernet.send(frame(60))


def test_no_card_is_told_from_a_card(pc):
    with pytest.raises(EthernetError, match="no EtherLink at 300h: its buffer pointer reads FFFFh, not 2A5h"):
        EtherLinkDriver(Kernel(pc))


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"dma": 5}, "no DMA channel 5 on an EtherLink: use 1, 2, 3, or None for none"),
        ({"irq": 10}, "no interrupt 10 on an EtherLink: use 3, 4, 5, 6, 7, 9"),
        ({"station": b"\1\2\3\4\5\6"}, "station address 01:02:03:04:05:06: give six bytes, the first of them even"),
    ],
)
def test_a_jumper_the_card_does_not_have_is_a_value_error(office, options, message):
    with pytest.raises(ValueError, match=message):
        EtherLinkDriver(office.kernel, **options)


def test_the_drivers_and_the_cards_registers_are_the_same():
    from isadma_driver.ethernet import codes as driver
    from isadma_sim.devices.ethernet import regs as card

    for name in ("Reg", "Tx", "Rx"):
        mine = {member.name: int(member) for member in getattr(driver, name)}
        assert mine.items() <= {member.name: int(member) for member in getattr(card, name)}.items()
    assert (driver.IRQS, driver.CHANNELS) == (card.IRQS, card.CHANNELS)


def test_on_the_hardware_itself_a_frame_comes_and_goes_and_a_wrong_jumper_is_found(rtl, frame):
    office = Office(rtl, dma=3)
    data = frame(64, STATION)
    office.card.receive(data)
    with EtherLinkDriver(office.kernel, dma=3) as ethernet:
        assert ethernet.receive() == data
        ethernet.send(data)
    with (
        EtherLinkDriver(office.kernel, dma=1) as ethernet,
        pytest.raises(EthernetError, match="requests DMA channel 3"),
    ):
        ethernet.send(data)
    assert office.sent() == [data]
