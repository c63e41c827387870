"""Reads a file of test vectors, and shows one as a table: python read.py pack/8237A-copy.jsonl.gz copy-0000024."""

import gzip
import json
import sys


def rows(vector):
    """Yield the levels of all pins, inputs then outputs, for each clock, and which differ in its first half."""
    levels = {}
    for clock in range(vector["clocks"]):
        for side in ("in", "out"):
            levels |= {(side, pin): level for at, pin, level in vector[side] if at == clock}
        yield clock, dict(levels), {pin: level for at, pin, level in vector.get("mid", ()) if at == clock}


def main(path, name):
    """Print the vector of a name."""
    with gzip.open(path, "rt") as file:
        vector = next((vector for vector in map(json.loads, file) if vector["name"] == name), None)
    if vector is None:
        sys.exit(f"{path} has no vector named {name}")
    print(vector["name"], vector["variant"], vector["about"], f"({vector['basis']})", sep=", ")
    for clock, levels, mid in rows(vector):
        words = [f"{pin}={level}" for (_, pin), level in levels.items()]
        print(f"{clock:4}", *words, *(f"mid:{pin}={level}" for pin, level in mid.items()))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
