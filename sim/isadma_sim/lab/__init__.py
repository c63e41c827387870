"""The lab: the chip and the PC/AT's board as WebAssembly, on a page that needs nothing but a browser."""
