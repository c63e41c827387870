"""What ends a judgement before there is a verdict, in one line with the way out."""


class ConformError(Exception):
    """A map, a source file, a simulator or a core with which no rule can be judged."""
