"""What is wrong with a capture or its pin map, in one line."""

__all__ = ["CaptureError"]


class CaptureError(ValueError):
    """A capture that cannot be read, or not be used for what was asked; the message is one line with the way out."""
