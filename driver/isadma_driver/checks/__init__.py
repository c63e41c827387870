"""Checks of what a program gives the driver."""
