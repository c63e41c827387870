"""The channels: who owns them, their registers, the one lock."""
