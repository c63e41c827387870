"""Which port of somebody's core is which pin: the map in TOML, and a guess at it."""
