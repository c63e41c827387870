"""Reads a file of test vectors, and shows one as a table: python read.py pack/8237A-copy.jsonl.gz 3."""

import gzip
import json
import sys


def rows(vector):
    """Yield the levels of all pins, inputs then outputs, for each clock: events say what changes."""
    levels = {}
    for clock in range(vector["clocks"]):
        for side in ("in", "out"):
            levels |= {(side, pin): level for at, pin, level in vector[side] if at == clock}
        yield clock, levels


def main(path, number):
    """Print the vector of a number."""
    with gzip.open(path, "rt") as file:
        vector = json.loads(file.readlines()[number])
    print(vector["name"], vector["variant"], vector["about"], f"({vector['basis']})", sep=", ")
    for clock, levels in rows(vector):
        print(f"{clock:4}", " ".join(f"{pin}={level}" for (_, pin), level in levels.items()))


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
