"""Random programs at the speed of compiled code: design and golden model side by side, every pin at every clock."""
