"""FPGA boards: tops, builds, reports."""
