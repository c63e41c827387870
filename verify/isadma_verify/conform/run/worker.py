"""One simulation in a process of its own, which can be ended: reads a job, and leaves what each bench said."""

import json
import re
import resource
import signal
import sys
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import ParseError

from isadma_verify.cosim.common.build import Build, CosimError
from isadma_verify.cosim.common.options import BenchOptions
from isadma_verify.cosim.common.run import Result, read_results, run


@dataclass(frozen=True)
class Job:
    """
    A module of benches to run on a build.

    Parameters
    ----------
    build
        The build's fields.
    module
        Its dotted name.
    options
        The options' fields.
    leave_out
        Regular expressions of tests that do not run.
    seconds
        Processor time that the simulator may take.
    largest
        Bytes of the largest file that it may write; 0 for any.
    """

    build: dict[str, Any]
    module: str
    options: dict[str, Any]
    leave_out: tuple[str, ...]
    seconds: int
    largest: int


#: What cocotb says of a test under which the simulation ended, and of all that were to come after it.
_ENDED = re.compile("SimFailure|SimulatorFail|shut ?down|ended prematurely")


def _before_it_died(file: Path) -> list[Result]:
    """Return what benches said until the simulator died; it may have left nothing."""
    try:
        return read_results(file) if file.is_file() else []
    except (CosimError, ParseError):
        return []


def main() -> None:
    """Run the job whose file is the one argument; its answer goes beside it."""
    place = Path(sys.argv[1])
    told = json.loads(place.read_text())
    # Of processor time: a machine with other work to do makes no bench hang. The simulator inherits it.
    resource.setrlimit(resource.RLIMIT_CPU, (told["seconds"], told["seconds"] + 5))
    if told["largest"]:
        # What a core prints beyond that is lost, and its simulation goes on.
        resource.setrlimit(resource.RLIMIT_FSIZE, (told["largest"], told["largest"]))
    build = Build(**{**told["build"], "folder": Path(told["build"]["folder"])})
    options = BenchOptions.from_fields(told["options"])
    answer: dict[str, Any] = {"results": [], "error": "", "late": False, "ended": ""}
    try:
        outcome = run(build, told["module"], options=options, folder=place.parent, leave_out=told["leave_out"])
        answer["results"] = [asdict(result) for result in outcome]
    except CosimError as error:
        answer["error"] = str(error)
        used = resource.getrusage(resource.RUSAGE_CHILDREN)
        ended = re.search(rf"(?:code|error):? -({int(signal.SIGXCPU)}|{int(signal.SIGKILL)})\b", answer["error"])
        answer["results"] = [asdict(result) for result in _before_it_died(place.parent / "results.xml")]
        answer["late"] = ended is not None or used.ru_utime + used.ru_stime > 0.95 * told["seconds"]
    if not answer["late"]:
        answer["ended"] = next((one["name"] for one in answer["results"] if _ENDED.search(one["failure"])), "")
    (place.parent / "answer.json").write_text(json.dumps(answer))


if __name__ == "__main__":
    main()
