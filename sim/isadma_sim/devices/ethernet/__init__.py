"""An EtherLink (3C501): the device whose DMA channel is a jumper."""

from isadma_sim.devices.ethernet.card import EtherLink
from isadma_sim.devices.ethernet.pcap import Packet, read_pcap, write_pcap
from isadma_sim.devices.ethernet.regs import BASE

__all__ = ["BASE", "EtherLink", "Packet", "read_pcap", "write_pcap"]
