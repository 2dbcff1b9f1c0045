"""Environment variables stand in for options, and are named where their value does not do."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Command

BROKEN = "def broken(:\n"


@pytest.fixture
def broken(project: Path) -> Path:
    """A project with one finding."""
    (project / "broken.py").write_text(BROKEN)
    return project


def test_the_format(broken: Path, sessionlint: Command) -> None:
    variable = {"SESSIONLINT_OUTPUT_FORMAT": "json"}
    assert [each["code"] for each in json.loads(sessionlint("check", environment=variable).stdout)] == ["SES001"]
    (broken / "pyproject.toml").write_text('[tool.sessionlint]\noutput-format = "concise"\n')
    assert json.loads(sessionlint("check", environment=variable).stdout)
    said = sessionlint("check", "--output-format", "concise", environment=variable).stdout
    assert said.startswith("broken.py:1:")
    assert sessionlint("check", environment={"SESSIONLINT_OUTPUT_FORMAT": ""}).stdout == said


def test_the_file(broken: Path, sessionlint: Command) -> None:
    done = sessionlint("check", environment={"SESSIONLINT_OUTPUT_FILE": "found.txt"})
    assert (done.returncode, done.stdout) == (1, "")
    assert (broken / "found.txt").read_text().startswith("broken.py:1:")


def test_the_cache(broken: Path, sessionlint: Command) -> None:
    sessionlint("check", environment={"SESSIONLINT_NO_CACHE": "1", "SESSIONLINT_CACHE_DIR": "kept"})
    assert not (broken / "kept").exists()
    assert not (broken / ".sessionlint_cache").exists()
    sessionlint("check", environment={"SESSIONLINT_NO_CACHE": "0", "SESSIONLINT_CACHE_DIR": "kept"})
    assert (broken / "kept").is_dir()
    assert not (broken / ".sessionlint_cache").exists()


@pytest.mark.parametrize("command", [["check"], ["explain", "broken.py:1"]])
def test_colours(broken: Path, sessionlint: Command, command: list[str]) -> None:
    def is_colored(*arguments: str, no: str, force: str) -> bool:
        return "\x1b[" in sessionlint(*command, *arguments, environment={"NO_COLOR": no, "FORCE_COLOR": force}).stdout

    assert not is_colored(no="", force="")
    assert is_colored(no="", force="1")
    assert not is_colored(no="1", force="1")
    assert is_colored("--color", "always", no="1", force="")
    assert not is_colored("--color", "never", no="", force="1")


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("SESSIONLINT_OUTPUT_FORMAT", "xml", "unknown output format `xml`"),
        ("SESSIONLINT_OUTPUT_FILE", "broken.py/found.txt", "broken.py/found.txt: cannot be written"),
        ("SESSIONLINT_CACHE_DIR", "broken.py", "is a file"),
        ("SESSIONLINT_NO_CACHE", "perhaps", "'perhaps' is not a valid boolean"),
    ],
)
def test_a_bad_value_names_the_variable(broken: Path, sessionlint: Command, name: str, value: str, message: str) -> None:
    done = sessionlint("check", environment={name: value})
    assert (done.returncode, done.stdout) == (2, "")
    last = done.stderr.splitlines()[-1]
    assert last.startswith("sessionlint: error: ")
    assert message in last
    assert last.endswith(f" (from the environment variable `{name}`)")


def test_a_good_value_is_not_blamed(broken: Path, sessionlint: Command) -> None:
    done = sessionlint("check", "--output-format", "xml", environment={"SESSIONLINT_OUTPUT_FORMAT": "json"})
    assert done.returncode == 2
    assert "environment" not in done.stderr
