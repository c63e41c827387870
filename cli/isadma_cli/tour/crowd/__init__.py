"""All devices at once on one PC: every byte, every interrupt and every loss accounted for."""

from isadma_cli.tour.crowd.run import CrowdReport, run_crowd

__all__ = ["CrowdReport", "run_crowd"]
