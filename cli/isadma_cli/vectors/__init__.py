"""`isadma vectors`: makes packs of test vectors, runs models through them, and says where they fail."""
