"""`isadma boot`: a PC around a floppy image, from power-up on, on a terminal's screen or without."""
