"""Simulators, looked at before they are used."""
