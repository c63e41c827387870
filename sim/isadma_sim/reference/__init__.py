"""The 8237A and its boards again, in plain Python, written from the data sheet: the golden model."""
