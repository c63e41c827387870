"""One small interface, many ways to run the chip."""
