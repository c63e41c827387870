"""The FuseSoC generator: calls `isadma verilog` and describes what it wrote.

Its parameters: ``core`` and, where wanted, ``variant``, ``set`` (a parameter's value by its name), ``name`` (the
module's) and ``vhdl: true`` for the component declaration.
"""

import subprocess
import sys
from pathlib import Path

import yaml  # FuseSoC brings it


def main(request: str) -> None:
    """Write the core that the request asks for into the current folder, and a ``.core`` file beside it."""
    wanted = yaml.safe_load(Path(request).read_text())
    parameters = wanted["parameters"]
    core = parameters["core"]
    settings = {**parameters.get("set", {})}
    if "variant" in parameters:
        settings["variant"] = parameters["variant"]
    words = [word for key, value in settings.items() for word in ("--set", f"{key}={value}")]
    if "name" in parameters:
        words += ["--name", parameters["name"]]
    files = [{f"isadma_{core}.v": {"file_type": "verilogSource"}}]
    if parameters.get("vhdl"):
        files.append({f"isadma_{core}_pkg.vhd": {"file_type": "vhdlSource"}})
        words += ["--vhdl", f"isadma_{core}_pkg.vhd"]
    subprocess.run(["isadma", "verilog", "--core", core, *words, "-o", f"isadma_{core}.v"], check=True)
    description = {
        "name": wanted["vlnv"],
        "filesets": {"rtl": {"files": files}},
        "targets": {"default": {"filesets": ["rtl"]}},
    }
    Path(f"isadma_{core}.core").write_text("CAPI=2:\n" + yaml.safe_dump(description))


if __name__ == "__main__":
    main(sys.argv[1])
