"""What a capture shows, without a model: requests, grants, transfers, terminal counts, and rules broken."""
