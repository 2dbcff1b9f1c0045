"""What nobody wants to be given, through the real command: each item of it has a message that names the place and the way out."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path

import pytest

from tests.cli.conftest import Command

CHECK = ("check", "--output-format", "concise")
LEAK = """\
from sqlalchemy.orm import Session


def count(engine):
    session = Session(engine)
    return session.execute('café').scalar()
"""


def findings(done: subprocess.CompletedProcess[str]) -> list[str]:
    assert "Traceback" not in done.stderr
    return done.stdout.splitlines()[:-1]


def test_a_syntax_error_has_its_position_and_hides_nothing_else(sessionlint: Command, project: Path) -> None:
    (project / "broken.py").write_text("import os\n\n\ndef total(lines:\n    return 1\n")
    (project / "leak.py").write_text(LEAK)
    done = sessionlint(*CHECK)
    first, second = findings(done)
    assert first.startswith("broken.py:4:")
    assert " SES001 file does not parse: " in first
    assert second.startswith("leak.py:5:15: SES102 ")
    assert done.returncode == 1


def test_a_nul_byte_is_named_with_its_row(sessionlint: Command, project: Path) -> None:
    (project / "nul.py").write_bytes(b"import sqlalchemy\nx = 1\x00\n")
    done = sessionlint(*CHECK)
    (only,) = findings(done)
    assert only.startswith("nul.py:")
    assert "SES005" in only
    assert "null" in only.lower() or "nul" in only.partition("SES005")[2].lower()
    assert done.returncode == 1


def test_a_cookie_is_obeyed_and_columns_count_characters(sessionlint: Command, project: Path) -> None:
    (project / "latin.py").write_bytes(("# -*- coding: latin-1 -*-\n" + LEAK).encode("latin-1"))
    done = sessionlint(*CHECK)
    (only,) = findings(done)
    assert only.startswith("latin.py:6:15: SES102 ")
    full = sessionlint("check", "latin.py").stdout
    assert "session = Session(engine)" in full
    assert done.returncode == 1


def test_bytes_that_are_not_text_are_named(sessionlint: Command, project: Path) -> None:
    (project / "bytes.py").write_bytes(LEAK.encode("latin-1"))
    done = sessionlint(*CHECK)
    (only,) = findings(done)
    assert only.startswith("bytes.py:")
    assert "utf-8" in only
    assert done.returncode == 1


def test_an_empty_file_is_a_file(sessionlint: Command, project: Path) -> None:
    (project / "empty.py").write_bytes(b"")
    done = sessionlint(*CHECK, "empty.py")
    assert (done.returncode, done.stdout, done.stderr) == (0, "All checks passed!\n", "")


def test_a_loop_of_directories_is_walked_once(sessionlint: Command, project: Path) -> None:
    inner = project / "inner"
    inner.mkdir()
    (inner / "leak.py").write_text(LEAK)
    (inner / "back").symlink_to(project, target_is_directory=True)
    done = sessionlint(*CHECK)
    assert [line.partition(":")[0] for line in findings(done)] == [os.path.join("inner", "leak.py")]


@pytest.mark.skipif(not hasattr(os, "geteuid"), reason="permissions are of another kind here")
def test_an_unreadable_file_is_named_with_the_reason(sessionlint: Command, project: Path) -> None:
    (project / "leak.py").write_text(LEAK)
    closed = project / "closed.py"
    if os.geteuid():
        closed.touch(0)
        reason = "Permission denied"
    else:  # to root everything is readable, but for what is not there
        closed.symlink_to(project / "nowhere")
        reason = "No such file or directory"
    done = sessionlint(*CHECK)
    first, second = findings(done)
    assert first.startswith("closed.py:1:1: SES005 ")
    assert reason in first
    assert second.startswith("leak.py:5:")
    assert done.returncode == 1


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("check", "--slect", "SES1"), ["No such option '--slect'", "--select"]),
        (("check", "--select", "SES310x"), ["unknown rule code `SES310X`", "did you mean"]),
        (("check", "--select", "detached-lazy-load"), ["the code of `detached-lazy-load` is `SES301`"]),
        (("check", "--ignore", "E501"), ["unknown rule code `E501` in `ignore`"]),
        (("check", "--output-format", "fulll"), ["unknown output format `fulll`", "full"]),
        (("rule", "SES999"), ["unknown rule `SES999`"]),
        (("check", "gone.py"), ["gone.py` does not exist"]),
        (("chek",), ["No such command 'chek'"]),
        (("plan", "--format", "xml"), ["'xml' is not one of 'table', 'json', 'markdown'"]),
        (("migrate", "--only", "sope"), ["sope", "scope"]),
        (("rollback",), ["nothing to roll back", "migrate"]),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else "",
)
def test_what_was_asked_for_cannot_be_done(arguments: tuple[str, ...], said: list[str], sessionlint: Command) -> None:
    done = sessionlint(*arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert [words for words in said if words not in done.stderr] == []
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("select = 'SES1'", "pyproject.toml:4: `select` must be an array of strings, not a string"),
        ("sessions = { acquirers = 3 }", "pyproject.toml:4: `sessions.acquirers` must be an array of strings, not an integer"),
        ("cache = 'no'", "pyproject.toml:4: `cache` must be"),
        ("slect = []", "pyproject.toml:4: unknown key `slect` (did you mean `select`?)"),
        ("select = ['SES103x']", "pyproject.toml:4: unknown rule code `SES103X` in `select`"),
        ("output-format = 'fulll'", "pyproject.toml:4: unknown output format `fulll`"),
        ("select = [", "pyproject.toml"),
    ],
)
def test_a_wrong_setting_is_named_with_its_row(line: str, said: str, sessionlint: Command, project: Path) -> None:
    (project / "pyproject.toml").write_text(f"[project]\nname = 'x'\n[tool.sessionlint]\n{line}\n")
    done = sessionlint("check")
    assert (done.returncode, done.stdout) == (2, "")
    assert said in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("arguments", [("check", "\x1b[31m##[error]\u202e.py"), ("check", "-o", "json=\x1b[2J/\n::x/")])
def test_names_of_files_cannot_command_the_terminal(sessionlint: Command, project: Path, arguments: tuple[str, ...]) -> None:
    (project / "\x1b[2J").write_text("")
    done = sessionlint(*arguments)
    assert done.returncode == 2
    assert "\\x1b[" in done.stderr
    assert not re.search(r"\x1b|##\[|\u202e|^::", done.stderr, re.M)


@pytest.mark.parametrize("format", ["full", "sarif", "markdown"])
def test_a_cookie_that_names_no_text_encoding(sessionlint: Command, project: Path, format: str) -> None:
    (project / "odd.py").write_bytes(b"# -*- coding: hex -*-\n" + LEAK.encode())
    done = sessionlint("check", "--output-format", format)
    assert done.returncode == 1
    assert "SES005" in done.stdout
    assert done.stderr == "sessionlint: exit status 1: 1 finding remains\n"
