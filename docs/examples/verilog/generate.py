"""The FuseSoC generator: calls `isadma verilog` and describes the file it wrote."""

import subprocess
import sys
from pathlib import Path

import yaml  # FuseSoC brings it


def main(request: str) -> None:
    """Write the core that the request asks for into the current folder, and a ``.core`` file beside it."""
    wanted = yaml.safe_load(Path(request).read_text())
    core, variant = wanted["parameters"]["core"], wanted["parameters"].get("variant", "nmos")
    name = f"isadma_{core}.v"
    subprocess.run(["isadma", "verilog", "--core", core, "--variant", variant, "-o", name], check=True)
    description = {
        "name": wanted["vlnv"],
        "filesets": {"rtl": {"files": [name], "file_type": "verilogSource"}},
        "targets": {"default": {"filesets": ["rtl"]}},
    }
    Path(f"isadma_{core}.core").write_text("CAPI=2:\n" + yaml.safe_dump(description))


if __name__ == "__main__":
    main(sys.argv[1])
