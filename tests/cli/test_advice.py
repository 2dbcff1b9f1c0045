"""What `check` says besides: each line once, only where it is true, and never to those who want quiet."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.conftest import Command

MODULE = """\
from sqlalchemy.orm import Session


def kept():
    return Session(None).connection()  # noqa: SES102 -- the process ends with it
"""
WARNING = (
    "warning: ruff.toml: with `--fix`, ruff deletes 1 code in `# noqa: SES…` of this project as unknown; "
    'add `lint.external = ["SES"]`, as `sessionlint init --ruff` does\n'
)


@pytest.fixture
def suppressed(project: Path) -> Path:
    """A project with a suppression, and a ruff that deletes it."""
    (project / "kept.py").write_text(MODULE)
    (project / "ruff.toml").write_text('[lint]\nselect = ["RUF100", "RUF102"]\n')
    return project


def fixed_by_ruff(folder: Path) -> str:
    """The module after `ruff check --fix`."""
    command = [sys.executable, "-m", "ruff", "check", "--no-cache", "--quiet", "--select", "RUF100,RUF102", "--fix", "kept.py"]
    subprocess.run(command, cwd=folder, check=False, timeout=60)
    return (folder / "kept.py").read_text()


def test_ruff_s_deletion_is_warned_of_once(suppressed: Path, sessionlint: Command) -> None:
    (suppressed / "other.py").write_text("from sqlalchemy.orm import Session\n")
    done = sessionlint("check")
    assert (done.returncode, done.stderr) == (0, WARNING)
    assert fixed_by_ruff(suppressed) == MODULE.replace("  # noqa: SES102 -- the process ends with it", "")


def test_the_rule_that_deletes_may_be_selected_on_the_command_line(suppressed: Path, sessionlint: Command) -> None:
    (suppressed / "ruff.toml").write_text('[lint]\nselect = ["E", "F"]\n')
    done = sessionlint("check")
    assert (done.returncode, done.stderr) == (0, WARNING.replace("ruff deletes", "ruff's RUF102, once it is selected, deletes"))
    assert fixed_by_ruff(suppressed) == MODULE.replace("  # noqa: SES102 -- the process ends with it", "")


def test_with_the_advice_taken_ruff_leaves_it_alone(suppressed: Path, sessionlint: Command) -> None:
    assert sessionlint("init", "--ruff").returncode == 0
    assert fixed_by_ruff(suppressed) == MODULE
    done = sessionlint("check")
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize(
    ("ruff", "module"),
    [
        ('[lint]\nselect = ["RUF"]\nexternal = ["SES1"]\n', MODULE),
        ('[lint]\nselect = ["RUF"]\n', MODULE.replace("noqa: SES102 --", "sessionlint: ignore[SES102] --")),
        (None, MODULE),
    ],
    ids=["external", "our own form", "no ruff"],
)
def test_nothing_is_said_where_nothing_is_deleted(suppressed: Path, sessionlint: Command, ruff: str | None, module: str) -> None:
    (suppressed / "kept.py").write_text(module)
    (suppressed / "ruff.toml").unlink()
    if ruff is not None:
        (suppressed / "ruff.toml").write_text(ruff)
    done = sessionlint("check")
    assert (done.returncode, done.stderr) == (0, "")


DB = "from sqlalchemy.orm import sessionmaker\n\nFactory = sessionmaker()\n\n\ndef unit():\n    return Factory()\n"
USE = "from db import unit\n\n\ndef use():\n    session = unit()\n    session.close()\n"
NOTE = "note: db.py:6: `unit()` returns `Factory()`, called in 1 place; `sessionlint init` would have SES101 report the calls\n"


@pytest.fixture
def unconfigured(project: Path) -> Path:
    """A project that has not said what hands out its sessions."""
    (project / "pyproject.toml").write_text("")
    (project / "db.py").write_text(DB)
    (project / "use.py").write_text(USE)
    return project


@pytest.mark.parametrize("arguments", [[], ["use.py"], ["--output-format", "json"], ["--statistics"]])
def test_the_first_run_says_what_init_would_find(unconfigured: Path, sessionlint: Command, arguments: list[str]) -> None:
    done = sessionlint("check", *arguments)
    assert (done.returncode, done.stderr) == (0, NOTE)


@pytest.mark.parametrize("arguments", [["-q"], ["-s"], ["--isolated"], ["--select", "SES3"], ["--config", "sessions.acquirers = []"]])
def test_not_to_those_who_do_not_want_to_hear_of_it(unconfigured: Path, sessionlint: Command, arguments: list[str]) -> None:
    assert sessionlint("check", *arguments).stderr == ""


def test_not_once_the_project_has_a_configuration(unconfigured: Path, sessionlint: Command) -> None:
    (unconfigured / "sessionlint.toml").touch()
    assert sessionlint("check").stderr == ""


def test_not_where_nothing_would_be_found(unconfigured: Path, sessionlint: Command) -> None:
    (unconfigured / "use.py").write_text(
        USE.replace("session = unit()\n    session.close()", "with unit() as session:\n        session.flush()")
    )
    assert sessionlint("check").stderr == ""
