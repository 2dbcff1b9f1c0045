"""`check --add-ignore` and `--add-noqa` as users run them."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from tests.cli.conftest import Command

LEAK = """\
from sqlalchemy.orm import Session


def count(engine):
    session = Session(engine)
    return session.execute(1).scalar()


def find(session: Session, number):
    return session.query(Session).get(number)
"""


@pytest.fixture
def leak(project: Path) -> Path:
    path = project / "leak.py"
    path.write_text(LEAK)
    return path


def commented(*, first: str = "", second: str = "") -> str:
    return LEAK.replace("(engine)\n", f"(engine){first}\n").replace("(number)\n", f"(number){second}\n")


@pytest.mark.parametrize(
    ("options", "first", "second", "said"),
    [
        (("--add-ignore=it is old",), "  # sessionlint: ignore[SES102] -- it is old", "  # sessionlint: ignore[SES406] -- it is old", 2),
        (("--add-ignore", "it is old"), "  # sessionlint: ignore[SES102] -- it is old", "  # sessionlint: ignore[SES406] -- it is old", 2),
        ((".", "--add-ignore"), "  # sessionlint: ignore[SES102]", "  # sessionlint: ignore[SES406]", 2),
        (("--add-ignore", "--select", "SES4"), "", "  # sessionlint: ignore[SES406]", 1),
        (("--add-noqa",), "  # noqa: SES102", "  # noqa: SES406", 2),
        (("--add-noqa=old", "--ignore", "SES406"), "  # noqa: SES102 old", "", 1),
    ],
)
def test_comments_are_added(
    options: tuple[str, ...], first: str, second: str, said: int, sessionlint: Command, leak: Path, project: Path
) -> None:
    done = sessionlint("check", *options)
    what = "noqa directive" if "noqa" in options[0] else "ignore comment"
    assert (done.returncode, done.stdout, done.stderr) == (0, "", f"Added {said} {what}{'s' * (said != 1)}.\n")
    assert leak.read_text() == commented(first=first, second=second)
    selection = options[1:] if options[-1].startswith("SES") else ()
    assert sessionlint("check", *selection[-2:]).returncode == 0
    again = sessionlint("check", *options)
    assert (again.returncode, again.stderr) == (0, f"Added 0 {what}s.\n")
    assert sessionlint("rollback").returncode == 0
    assert leak.read_text() == LEAK


def test_the_diff_is_a_patch(sessionlint: Command, leak: Path, project: Path) -> None:
    done = sessionlint("check", "--add-ignore=old", "--diff")
    assert leak.read_text() == LEAK
    assert done.returncode == 1
    assert done.stderr == "Would add 2 ignore comments.\nsessionlint: exit status 1: 2 ignore comments would be added\n"
    applied = subprocess.run(["git", "apply", "-"], cwd=project, input=done.stdout, text=True, capture_output=True, check=False)
    assert (applied.returncode, applied.stderr) == (0, "")
    assert sessionlint("check", "--add-ignore=old", "--diff").returncode == sessionlint("check").returncode == 0


def test_only_the_paths_are_commented(sessionlint: Command, leak: Path, project: Path) -> None:
    (project / "other.py").write_text(LEAK)
    assert sessionlint("check", "other.py", "--add-ignore").stderr == "Added 2 ignore comments.\n"
    assert leak.read_text() == LEAK


def test_what_no_comment_can_silence_is_reported(sessionlint: Command, leak: Path, project: Path) -> None:
    (project / "broken.py").write_text("def broken(:\n")
    done = sessionlint("check", "--add-ignore", "--output-format", "concise")
    assert done.returncode == 1
    assert [line.partition(" ")[0] for line in done.stdout.splitlines()] == ["broken.py:1:12:", "Found"]
    assert done.stderr == "Added 2 ignore comments.\nsessionlint: exit status 1: 1 finding remains that no comment can silence\n"
    assert sessionlint("check", "--add-ignore", "--exit-zero").returncode == 0


def test_silence(sessionlint: Command, leak: Path) -> None:
    assert sessionlint("check", "--add-ignore", "--quiet", "--diff").stderr == ""
    done = sessionlint("check", "--add-ignore", "--silent")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--add-ignore", "--add-noqa"), "`--add-ignore` and `--add-noqa` exclude each other"),
        (("--add-ignore", "--fix"), "`--add-ignore` cannot be used with `--fix`"),
        (("--add-noqa", "--statistics"), "`--add-noqa` cannot be used with `--statistics`"),
        (("-", "--add-ignore"), "`--add-ignore` changes files, standard input is none"),
        (
            ("--add-ignore", "leak.py"),
            "`leak.py` is a path and no reason; paths come first, or the reason is written `--add-ignore=REASON`",
        ),
        (("--add-ignore=a\nb",), "a reason is one line in which no other comment begins"),
        (("--add-ignore=old # type: ignore",), "a reason is one line in which no other comment begins"),
    ],
)
def test_what_makes_no_sense(arguments: tuple[str, ...], said: str, sessionlint: Command, leak: Path) -> None:
    done = sessionlint("check", *arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert said in done.stderr.splitlines()[-1]
    assert leak.read_text() == LEAK
