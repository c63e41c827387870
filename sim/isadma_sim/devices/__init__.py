"""Devices with real register interfaces at their real ports."""
