"""The machine under the driver: its ports, memory and interrupt lines, real, simulated or recorded."""
