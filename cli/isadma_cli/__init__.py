"""The `isadma` command: the only floor that stands on all the others."""
