"""What the benches of chip and board share: builds and runs, the stepping loop, wires, figures, the processor."""
