"""What the README and the guide promise: commands, make targets, links and programs that exist."""

import re
import shlex

import pytest
import typer.main

from isadma_cli.app import app

FENCE = re.compile(r"^```(\w*)\n(.*?)^```", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\]\(([^)#\s]+)(?:#[^)]*)?\)")


def documents(house):
    found = [house.root / "README.md", *sorted((house.root / "docs").rglob("*.md"))]
    assert len(found) > 3
    return found


def blocks(path, *languages):
    return [text for language, text in FENCE.findall(path.read_text()) if language in languages]


def shell_lines(house, program):
    """Return every command line in a fenced block that calls the program, as its words, with where it stands."""
    found = []
    for path in documents(house):
        for block in blocks(path, "", "sh", "bash", "console", "shell"):
            for line in block.replace("\\\n", " ").splitlines():
                words = shlex.split(line.removeprefix("$ "), comments=True)
                if words and words[0].rpartition("/")[2] == program:
                    found.append((str(path.relative_to(house.root)), words[1:]))
    assert found, f"no document calls {program}: the test looks in the wrong place"
    return found


def test_every_isadma_command_in_the_documents_exists_with_its_options(house):
    wrong = []
    for where, words in shell_lines(house, "isadma"):
        command = typer.main.get_command(app)
        words = list(words)
        while words and not words[0].startswith("-") and hasattr(command, "commands"):
            name = words.pop(0)
            if name not in command.commands:
                wrong.append(f"{where}: isadma has no command {name!r}")
                break
            command = command.commands[name]
        else:
            known = {option for p in command.params for option in [*p.opts, *p.secondary_opts]} | {"--help", "-h"}
            used = {word.partition("=")[0] for word in words if re.match(r"--?[A-Za-z]", word)}
            wrong += [f"{where}: {command.name} has no option {option}" for option in sorted(used - known)]
    assert not wrong, "\n".join(wrong)


def test_every_make_target_in_the_documents_exists(house):
    targets = set(re.findall(r"^([\w-]+):", (house.root / "Makefile").read_text(), re.MULTILINE))
    wanted = {word for _, words in shell_lines(house, "make") for word in words if not re.search(r"[-=]", word[:1])}
    wanted |= {"demo", "test"}
    assert wanted <= targets | {word for word in wanted if "=" in word}, wanted - targets


def test_every_link_in_the_documents_leads_somewhere(house):
    links = [(path, link) for path in documents(house) for link in LINK.findall(path.read_text()) if ":" not in link]
    assert links
    dead = [f"{path.relative_to(house.root)}: {link}" for path, link in links if not (path.parent / link).exists()]
    assert not dead, "\n".join(dead)


def test_the_programs_in_the_readme_run(house, tmp_path, monkeypatch):
    programs = blocks(house.root / "README.md", "python", "py")
    assert programs
    monkeypatch.chdir(tmp_path)
    for program in programs:
        exec(compile(program, "README.md", "exec"), {"__name__": "__main__"})


@pytest.mark.parametrize("folder", ["rtl", "tools", "sim", "driver", "boards", "cli"])
def test_no_module_names_a_place_on_somebodys_machine(house, folder):
    pattern = re.compile(r"[\"'\s(](/(?:home|root|work|tmp|Users)/\w+)")
    wrong = [
        f"{path.relative_to(house.root)}: {found}"
        for path in house.files(folder)
        for found in pattern.findall(path.read_text())
    ]
    assert not wrong, "\n".join(wrong)
