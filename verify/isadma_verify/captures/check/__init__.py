"""A capture held against the RTL: its inputs are replayed, and every output that it has is compared."""
