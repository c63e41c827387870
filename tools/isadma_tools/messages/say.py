"""One line on standard error, and each line once."""

import sys
from functools import lru_cache

__all__ = ["say"]


@lru_cache(maxsize=256)
def say(sentence: str) -> None:
    """Tell the user something, on standard error, once however often it happens."""
    print(f"isadma: {sentence}", file=sys.stderr)
