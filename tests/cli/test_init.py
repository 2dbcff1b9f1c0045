"""`sessionlint init`: what it writes loads again, finds what it promises, and nothing of the project's is lost."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.conftest import Command

DB = """\
from sqlalchemy.orm import sessionmaker

Factory = sessionmaker()


def fresh_unit():
    return Factory()
"""
JOBS = """\
from db import fresh_unit


def job():
    unit = fresh_unit()
    try:
        unit.commit()
    finally:
        unit.close()
"""
TABLE = """\
[tool.sessionlint]
# Written by `sessionlint init`, which found here:
# - 2 Python files with 0 mapped classes and 0 session scopes
# Commented settings are the defaults, or yours to decide. `sessionlint check --show-settings` prints what holds.

# Known findings, not reported again: `sessionlint baseline create` writes the file.
# baseline = "sessionlint-baseline.json"

[tool.sessionlint.sessions]
# What hands out sessions that the caller has to end: SES101 reports the calls, `sessionlint migrate` rewrites them.
acquirers = [
    # found: db.py:6 `fresh_unit()` returns `Factory()`, called in 1 place
    "db.fresh_unit",
]

# What ends a session that it is given.
# found: no function that closes sessions which it is given
# closers = ["db_manager.close_session"]

# The keys of Streamlit's `session_state` that say who the user is (SES204).
# found: no instance that is looked up by a key of `session_state`
# identity-keys = ["current_user_id", "user_id"]

# The names by which templates know the user of the request (SES503).
# found: no template that reads the user of Flask-Login
# user-names = ["current_user"]

# The decorators that give a view its session (SES504, which runs with `extend-select = ["SES504"]`).
# found: no decorator that takes a session for views
# view-decorators = ["with_db_session"]

[tool.sessionlint.migrate]
# The scope that `sessionlint migrate` gives to views and to what uses `current_user`.
# found: no scope that closes or commits its session
# routes = "unified_session_manager.get_db_session"

# The scope for everything else that runs in a request.
# found: no scope that closes or commits its session
# default = "request_session_manager.session_scope"
"""
PYPROJECT = '[project]\nname = "shop" # the name\n'


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project without configuration."""
    (tmp_path / "requirements.txt").touch()
    (tmp_path / "db.py").write_text(DB)
    (tmp_path / "jobs.py").write_text(JOBS)
    return tmp_path


def test_a_file_of_its_own(project: Path, sessionlint: Command) -> None:
    done = sessionlint("init")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("written sessionlint.toml\n")
    text = (project / "sessionlint.toml").read_text()
    assert text == TABLE.removeprefix("[tool.sessionlint]\n").replace("tool.sessionlint.", "")


def test_a_table_behind_everything_else(project: Path, sessionlint: Command) -> None:
    (project / "pyproject.toml").write_text(PYPROJECT)
    done = sessionlint("init")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("extended pyproject.toml\n")
    assert (project / "pyproject.toml").read_text() == f"{PYPROJECT}\n{TABLE}"
    assert sorted(os.listdir(project)) == [".sessionlint_cache", "db.py", "jobs.py", "pyproject.toml", "requirements.txt"]


def test_check_then_reports_what_was_found(project: Path, sessionlint: Command) -> None:
    assert sessionlint("check").returncode == 0
    assert sessionlint("init").returncode == 0
    done = sessionlint("check", "--output-format", "json")
    assert (done.returncode, done.stderr) == (1, "sessionlint: exit status 1: 1 finding remains\n")
    found = [(each["code"], Path(each["filename"]).name, each["location"]["row"]) for each in json.loads(done.stdout)]
    assert found == [("SES101", "jobs.py", 5)]


def test_it_says_what_to_do_next(sessionlint: Command) -> None:
    said = sessionlint("init").stdout
    for line in (
        "  sessionlint check  ",
        "  sessionlint baseline create  ",
        "- repo: https://github.com/sessionlint/sessionlint\n",
        "  - id: sessionlint\n",
    ):
        assert line in said
    assert sessionlint("init", "--help").returncode == 0


@pytest.mark.parametrize(
    ("name", "text"), [("pyproject.toml", "[tool.sessionlint]\n"), ("sessionlint.toml", ""), (".sessionlint.toml", "")]
)
def test_an_existing_configuration_is_never_touched(project: Path, sessionlint: Command, name: str, text: str) -> None:
    (project / name).write_text(text)
    done = sessionlint("init")
    hint = "change it, or remove it first; `--ruff` alone goes with it"
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == f"sessionlint: error: {name}: there is a configuration already ({hint})\n"
    assert (project / name).read_text() == text


def test_the_diff_is_a_patch(project: Path, sessionlint: Command) -> None:
    (project / "pyproject.toml").write_text(PYPROJECT)
    (project / "ruff.toml").write_text('[lint]\nselect = ["RUF"]\n')
    done = sessionlint("init", "--diff", "--ruff")
    assert (done.returncode, done.stderr) == (1, "sessionlint: exit status 1: 2 files would be written\n")
    assert (project / "pyproject.toml").read_text() == PYPROJECT
    subprocess.run(["git", "init", "-q"], cwd=project, check=True)
    subprocess.run(["git", "apply", "-"], cwd=project, input=done.stdout.encode(), check=True)
    assert (project / "pyproject.toml").read_text() == f"{PYPROJECT}\n{TABLE}"
    assert (project / "ruff.toml").read_text() == '[lint]\nselect = ["RUF"]\nexternal = ["SES"]\n'


def test_the_diff_of_a_new_file(project: Path, sessionlint: Command) -> None:
    done = sessionlint("init", "--diff")
    assert done.returncode == 1
    assert done.stdout.startswith("--- /dev/null\n+++ b/sessionlint.toml\n")
    assert not (project / "sessionlint.toml").exists()


def test_ruff_is_mended_when_asked(project: Path, sessionlint: Command) -> None:
    before = f'{PYPROJECT}\n[tool.ruff]\nline-length = 100\n\n[tool.ruff.lint]\nselect = ["RUF"] # all\n'
    (project / "pyproject.toml").write_text(before)
    done = sessionlint("init")
    assert done.returncode == 0
    assert done.stderr == "pyproject.toml: `lint.external` does not name SES; `sessionlint init --ruff` adds it\n"
    assert (project / "pyproject.toml").read_text() == f"{before}\n{TABLE}"
    done = sessionlint("init", "--ruff")
    assert (done.returncode, done.stdout, done.stderr) == (0, "extended pyproject.toml\n", "")
    assert (project / "pyproject.toml").read_text() == f'{before}external = ["SES"]\n\n{TABLE}'
    done = sessionlint("init", "--ruff")
    assert (done.returncode, done.stdout, done.stderr) == (0, "nothing had to be written\n", "")


def test_both_at_once_and_neither(project: Path, sessionlint: Command) -> None:
    before = f'{PYPROJECT}\n[tool.ruff.lint]\nselect = ["RUF"]\n'
    (project / "pyproject.toml").write_text(before)
    done = sessionlint("init", "--no-ruff", "--quiet")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert (project / "pyproject.toml").read_text() == f"{before}\n{TABLE}"
    (project / "pyproject.toml").write_text(before)
    assert sessionlint("init", "--ruff").returncode == 0
    assert (project / "pyproject.toml").read_text() == f'{before}external = ["SES"]\n\n{TABLE}'


@pytest.mark.parametrize(
    ("arguments", "text", "message"),
    [
        (["absent"], None, "absent: does not exist"),
        (["db.py"], None, "db.py: is not a directory"),
        ([], "[tool\n", "pyproject.toml: not valid TOML"),
        ([], "tool = { x = 1 }\n", "pyproject.toml: `[tool.sessionlint]` cannot be added to it (write a `sessionlint.toml` instead)"),
    ],
    ids=["absent", "file", "broken", "inline"],
)
def test_bad_input_is_named(project: Path, sessionlint: Command, arguments: list[str], text: str | None, message: str) -> None:
    if text is not None:
        (project / "pyproject.toml").write_text(text)
    done = sessionlint("init", *arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith(f"sessionlint: error: {message}")
    assert text is None or (project / "pyproject.toml").read_text() == text


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="nothing is forbidden to root")
def test_a_directory_that_cannot_be_written(project: Path, sessionlint: Command) -> None:
    project.chmod(0o500)
    done = sessionlint("init", "--no-cache")
    project.chmod(0o700)
    assert done.returncode == 2
    assert done.stderr == "sessionlint: error: sessionlint.toml: cannot be written: Permission denied\n"


def test_a_name_that_would_break_the_comment(project: Path, sessionlint: Command) -> None:
    (project / "odd\nselect = 1.py").write_text("import sqlalchemy\n\ndb_manager.get_session().close()\n")
    assert sessionlint("init").returncode == 0
    assert "odd\\x0aselect = 1.py" in (project / "sessionlint.toml").read_text()
    assert sessionlint("check", "--show-settings").returncode == 0


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such terminals")
@pytest.mark.parametrize(("answer", "added"), [("y", True), ("", True), ("n", False)])
def test_on_a_terminal_it_asks_about_ruff(project: Path, answer: str, added: bool) -> None:
    (project / "ruff.toml").write_text('[lint]\nselect = ["RUF"]\n')
    ours, theirs = os.openpty()
    with subprocess.Popen([sys.executable, "-m", "sessionlint", "init"], cwd=project, stdin=theirs, stdout=theirs, stderr=theirs) as done:
        os.close(theirs)
        os.write(ours, f"{answer}\n".encode())
        printed = ""
        with contextlib.suppress(OSError):  # the other end is closed
            while part := os.read(ours, 4096):
                printed += part.decode()
    os.close(ours)
    assert done.returncode == 0
    assert 'Add `external = ["SES"]` to ruff.toml, so that ruff leaves `# noqa: SES101` alone? [Y/n]:' in printed
    assert ('external = ["SES"]' in (project / "ruff.toml").read_text()) is added
    assert (project / "sessionlint.toml").exists()
