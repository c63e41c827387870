"""Text on a screen: the CGA and the MDA by their registers, what they show, and a picture of it."""

from isadma_sim.devices.display.adapter import TextAdapter
from isadma_sim.devices.display.page import Page, page_of
from isadma_sim.devices.display.picture import write_png

__all__ = ["Page", "TextAdapter", "page_of", "write_png"]
