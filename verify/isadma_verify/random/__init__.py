"""Random programs: what drives a chip or a board with all that software and devices may do."""
