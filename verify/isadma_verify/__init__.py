"""Everything that judges an 8237, ours or anybody's: benches, random programs, proofs."""
