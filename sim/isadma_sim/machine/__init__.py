"""The machine around the chips: memory, ports, interrupt controllers, the schedule, and the lines between them."""
