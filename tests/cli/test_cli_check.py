"""`isadma check`: what it prints, its JSON and its page, and its errors."""

import json

import pytest

# Two samples a clock: DREQ0 rises in clock 20 and falls in clock 25, with a processor that is passive all the time.
HEAD = "CLK,RDY,S0,S1,S2,DR0\n"


def capture(path, *, falls=25, ready=(24, 30)):
    rows = []
    for clock in range(60):
        levels = [int(not ready[0] <= clock < ready[1]), 1, 1, 1, int(20 <= clock < falls)]
        rows += [",".join(map(str, [1, *levels])), ",".join(map(str, [0, *levels]))]
    path.write_text(HEAD + "\n".join(rows) + "\n")
    return path


def test_a_capture_that_agrees(isadma, tmp_path):
    done = isadma("check", capture(tmp_path / "c.csv"), "--engine", "amaranth")
    assert done.status == 0
    assert "1 of 1 requests granted in the captured clock" in done.out
    assert "READY low beside memory or none: 6 clocks 1 times; as the RTL has it in 1 of 1" in done.out
    assert "every clock agrees" in done.out


def test_a_capture_that_differs_is_a_failure_with_its_first_clock_and_a_picture(isadma, tmp_path):
    page = tmp_path / "c.html"
    done = isadma("check", capture(tmp_path / "c.csv", falls=26), "--engine", "amaranth", "--html", page)
    assert done.status == 1
    assert "clock 24 (the 8237 is in S2): DREQ0 is 1 in the capture and 0 in the RTL" in done.err
    text = page.read_text()
    assert text.count("<svg") == 1
    assert "DREQ0, captured" in text


def test_the_json_has_the_figures(isadma, tmp_path):
    found = json.loads(isadma("check", capture(tmp_path / "c.csv"), "--engine", "amaranth", "--json").out)
    assert found["agrees"] is True
    assert found["services"] == {"0": {"services": 1, "dack_clocks": 3}}
    assert found["ready"]["memory or none"] == {"clocks": {"6": 1}, "agree": 1}


@pytest.mark.parametrize(
    ("words", "said", "status"),
    [
        (["nothing.sr"], "no such file", 2),
        (["c.csv", "--board", "pcjr"], "--board 'pcjr': choose one of xt, at, chip", 2),
        (["c.csv", "--engine", "gpu"], "--engine 'gpu': choose one of native, amaranth", 2),
        (["c.csv", "--until", "0"], "--until 0: at least one clock", 2),
        (["c.csv", "--refresh", "3"], "--refresh 3: at least 8 clocks", 2),
        (["c.csv", "--pins", "none.toml"], "no such file", 2),
        (["c.csv", "--board", "at"], "nothing says when the processor gives the bus away", 1),
        (["empty.sr"], "length zero", 1),
    ],
)
def test_what_is_wrong_is_one_line(isadma, tmp_path, monkeypatch, words, said, status):
    monkeypatch.chdir(tmp_path)
    capture(tmp_path / "c.csv")
    (tmp_path / "empty.sr").write_bytes(b"")
    done = isadma("check", *words)
    assert done.status == status
    assert said in done.complaint
