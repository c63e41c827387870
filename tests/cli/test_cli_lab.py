"""`isadma lab`: the page in a file, and served to this machine alone."""

from __future__ import annotations

import gzip
import http.client
import os
import re
import signal
import socket
import subprocess
import sys

import pytest

from isadma_cli.serve import serve_page

PAGE = b"<!doctype html><title>x</title>"


def test_the_page_stands_alone_in_one_file(isadma, tmp_path):
    file = tmp_path / "lab.html"
    done = isadma("lab", "-o", file)
    assert done.status == 0
    text = file.read_text(encoding="utf-8")
    assert f"{len(text.encode()):,} bytes" in done.out
    assert len(text) < 3 << 20
    assert not re.findall(
        r"""(?:src|href)=["'](?!#|data:)|@import|https?://(?!www\.w3\.org/2000/svg)|\bfetch\(""", text
    )
    assert text.count("AGFzbQEAAAA") == 3, "three WebAssembly modules, by their magic number"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ([], "name its file with -o lab.html, or serve it with --serve"),
        (["-o", "x.html", "--port", "80"], "--port 80 belongs to --serve"),
        (["--serve", "--port", "65536"], "--port 65536 is no port: there are 0 to 65535"),
        (["--serve", "--port", "-1"], "--port -1 is no port"),
        (["--serve", "--minutes", "0"], "--minutes 0: serve it for one minute or more"),
        (["-o", "."], "-o '.' is a folder; name a file in it"),
        (["-o", "nowhere/lab.html"], "there is no folder 'nowhere'"),
    ],
    ids=["nothing", "port", "large", "small", "minutes", "folder", "nowhere"],
)
def test_what_cannot_be_is_one_line(isadma, tmp_path, monkeypatch, words, said):
    monkeypatch.chdir(tmp_path)
    done = isadma("lab", *words)
    assert done.status in (1, 2)
    assert said in done.complaint
    assert list(tmp_path.iterdir()) == []


def test_a_port_that_is_taken_is_one_line(isadma):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        done = isadma("lab", "--serve", "--port", port)
    assert done.status == 1
    assert f"cannot serve at port {port}: Address already in use; choose another with --port" in done.complaint


def test_without_zig_it_says_what_to_install(isadma, tmp_path, monkeypatch):
    monkeypatch.setenv("ISADMA_CACHE", str(tmp_path / "empty"))
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    done = isadma("lab", "-o", tmp_path / "lab.html")
    assert done.status == 1
    assert "pip install 'isadma[lab]'" in done.complaint


def test_a_zig_that_is_too_old_is_named(isadma, tmp_path, monkeypatch):
    version = "isadma_sim.lab.build.metadata.version"
    monkeypatch.setenv("ISADMA_CACHE", str(tmp_path / "empty"))
    monkeypatch.setattr(version, lambda name: "0.13.0.post1")
    done = isadma("lab", "-o", tmp_path / "lab.html")
    assert done.status == 1
    assert "Zig 0.13.0.post1 cannot compile the lab, 0.15 can: pip install --upgrade 'isadma[lab]'" in done.complaint


@pytest.fixture
def served():
    """Serve a page in a process of its own, on a free port."""
    code = f"from isadma_cli.serve import serve_page; serve_page({PAGE!r}, 0, 60)"
    process = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    line = process.stdout.readline()
    yield process, int(re.match(r"http://127\.0\.0\.1:(\d+)/", line)[1])
    process.kill()
    process.wait()


def ask(port, method="GET", path="/", **headers):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    connection.request(method, path, headers=headers)
    answer = connection.getresponse()
    body = answer.read()
    connection.close()
    return answer, body


def test_it_serves_one_page_and_only_to_this_machine_and_ends_with_ctrl_c(served):
    process, port = served
    answer, body = ask(port)
    assert (answer.status, body) == (200, PAGE)
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    answer, body = ask(port, path="/lab.html?x=1", **{"Accept-Encoding": "gzip"})
    assert gzip.decompress(body) == PAGE
    assert ask(port, method="HEAD")[1] == b""
    assert ask(port, path="/../../etc/passwd")[0].status == 404
    assert ask(port, method="POST")[0].status == 501
    assert ask(port, Host="elsewhere.example")[0].status == 403
    with socket.create_connection(("127.0.0.1", port)) as silent:  # and says nothing: others are served after a while
        silent.sendall(b"GET")
        assert ask(port)[0].status == 200
    if os.name == "posix":
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=20)
        assert (process.returncode, out, err) == (0, "ended\n", "")


def test_it_ends_by_itself(capsys):
    serve_page(PAGE, 0, 0.0)
    assert capsys.readouterr().out.startswith("http://127.0.0.1:")
