"""The PC boards around the 8237A: page registers, cascade, subsystems."""
