"""What a core's source files say of its ports."""
