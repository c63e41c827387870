"""`isadma embed`: the folder, and what is said of a wrong board or place."""

import pytest


def test_a_folder_is_written_and_replaced(isadma, tmp_path):
    folder = tmp_path / "isadma_xt"
    outcome = isadma("embed", "-o", folder, "--board", "xt")
    assert (outcome.status, outcome.err) == (0, "")
    files = {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}
    assert {"isadma.h", "CMakeLists.txt", "meson.build", "README.md", "runtime/LICENSE", "example/sector.c"} <= files
    assert not any(
        "/work" in (folder / name).read_text() or "@" in (folder / name).read_text()
        for name in ("isadma.h", "README.md")
    )
    first, second = outcome.out.splitlines()
    assert first.startswith(f"{folder}: {len(files)} files, ")
    assert second.startswith(f"cmake -S {folder}")
    header = (folder / "isadma.h").read_text()
    assert '#define ISADMA_BOARD "xt wait_states=1 refresh=0"' in header
    assert isadma("embed", "-o", folder, "--board", "xt").status == 0
    assert (folder / "isadma.h").read_text() == header


@pytest.mark.parametrize(
    ("words", "parts"),
    [
        (["--board", "att"], ["no board is named 'att'", "did you mean 'at'", "there are at, xt"]),
        (["--board", "xt", "--refresh"], ["a PC/XT has its refresh in any case", "leave --refresh out"]),
        (["--wait-states", "8"], ["8 wait states: a transfer has 0 to 7"]),
    ],
)
def test_a_board_that_there_is_none_of_is_one_line(isadma, tmp_path, words, parts):
    outcome = isadma("embed", "-o", tmp_path / "x", *words)
    assert outcome.status == 2
    assert all(part in outcome.complaint for part in parts)
    assert not (tmp_path / "x").exists()


def test_a_place_with_something_else_in_it_is_left_alone(isadma, tmp_path):
    (tmp_path / "letter.txt").write_text("dear")
    outcome = isadma("embed", "-o", tmp_path)
    assert (outcome.status, [path.name for path in tmp_path.iterdir()]) == (2, ["letter.txt"])
    assert "has something else in it" in outcome.complaint
    outcome = isadma("embed", "-o", tmp_path / "letter.txt")
    assert outcome.status == 2
    assert "is a file: give a folder" in outcome.complaint
    outcome = isadma("embed", "-o", tmp_path / "letter.txt" / "in")
    assert outcome.status == 1
    assert "cannot write the library" in outcome.complaint
