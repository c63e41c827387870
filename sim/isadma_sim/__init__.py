"""The world around the hardware: memory, devices, and the engines that run the chip."""
