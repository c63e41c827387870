"""`isadma waves`: scenes on a simulated PC, each with its waveforms, save files and picture."""
