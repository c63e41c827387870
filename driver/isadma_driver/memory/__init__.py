"""Memory as an operating system has it: physical pages, address spaces, locked pages, swap."""
