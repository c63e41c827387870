"""The `isadma` command."""
