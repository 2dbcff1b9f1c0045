"""Files of several projects in one call, as a hook at the top of a repository passes them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.cli.conftest import Command

LEAK = """\
from sqlalchemy.orm import Session


def names(engine):
    session = Session(engine)
    return list(session.execute("names"))
"""
FILES = ("backend/app/a.py", "jobs/b.py", "c.py")


@pytest.fixture
def repository(project: Path) -> Path:
    """A repository with three configurations, each of which leaves out another rule; `project` is its top."""
    for name in FILES:
        (project / name).parent.mkdir(parents=True, exist_ok=True)
        (project / name).write_text(LEAK)
    (project / "backend" / "pyproject.toml").write_text('[tool.sessionlint]\nignore = ["SES102"]\n')
    (project / "jobs" / "sessionlint.toml").write_text('[per-file-ignores]\n"b.py" = ["SES3"]\n')
    return project


def test_each_file_is_judged_by_its_own_configuration(sessionlint: Command, repository: Path) -> None:
    done = sessionlint("check", "--output-format", "concise", *FILES)
    assert (done.returncode, re.findall(r"^(\S+): SES102", done.stdout, re.M)) == (1, ["jobs/b.py:5:15", "c.py:5:15"])
    assert done.stderr == "sessionlint: exit status 1: 1 finding remains in `jobs`, 1 finding remains in `.`\n"
    (repository / "jobs" / "sessionlint.toml").write_text("ignore = ['SES102']\n")
    (repository / "pyproject.toml").write_text("[tool.sessionlint]\nignore = ['SES102']\n")
    done = sessionlint("check", *FILES)
    assert (done.returncode, done.stdout.count("All checks passed!"), done.stderr) == (0, 3, "")


@pytest.mark.parametrize("parts", [(FILES,), (FILES[:1], FILES[1:]), (FILES[:2], FILES[2:]), tuple((name,) for name in FILES)])
@pytest.mark.usefixtures("repository")
def test_it_is_the_same_however_the_list_is_split(sessionlint: Command, parts: tuple[tuple[str, ...], ...]) -> None:
    printed = "".join(sessionlint("check", "--output-format", "concise", "--quiet", *part).stdout for part in parts)
    assert re.findall(r"^(\S+): SES102", printed, re.M) == ["jobs/b.py:5:15", "c.py:5:15"]


@pytest.mark.parametrize(
    ("options", "what"), [(("--output-format", "json"), "`--output-format json`"), (("--output-file", "out.txt"), "`--output-file`")]
)
def test_a_document_is_for_one_project(sessionlint: Command, repository: Path, options: tuple[str, ...], what: str) -> None:
    done = sessionlint("check", *options, *FILES)
    assert (done.returncode, done.stdout) == (2, "")
    assert f"{what} is for one project, and PATHS belong to 3: `backend`, `jobs`, `.`" in done.stderr
    assert not (repository / "out.txt").exists()
    named = sessionlint("check", *options, "--config", "pyproject.toml", *FILES)
    assert named.returncode == 1


def test_a_broken_configuration_is_said_before_any_file_is_changed(sessionlint: Command, repository: Path) -> None:
    old = (
        "from sqlalchemy.orm import Session\n\nfrom m import M\n\n\ndef find(session: Session) -> M:\n    return session.query(M).get(1)\n"
    )
    (repository / "backend" / "app" / "a.py").write_text(old)
    (repository / "jobs" / "sessionlint.toml").write_text("selct = []\n")
    done = sessionlint("check", "--fix", *FILES)
    assert done.returncode == 2
    assert "jobs/sessionlint.toml:1" in done.stderr
    assert (repository / "backend" / "app" / "a.py").read_text() == old


@pytest.mark.parametrize(("environment", "status"), [({}, 0), ({"PRE_COMMIT": "1"}, 1)])
def test_without_configuration_a_hook_sees_the_whole_repository(
    sessionlint: Command, project: Path, environment: dict[str, str], status: int
) -> None:
    """What a directory has in common with the rest of the commit decides nothing there: `app.queries` lies in `app`, whatever marks it."""
    (project / "pyproject.toml").write_text("")
    app = project / "app"
    app.mkdir()
    (app / "requirements.txt").write_text("")
    (app / "queries.py").write_text("from sqlalchemy.orm import Session\n\n\ndef opened(engine):\n    return Session(engine)\n")
    (app / "use.py").write_text(
        "from app.queries import opened\n\n\ndef use(engine):\n    session = opened(engine)\n    session.execute('x')\n"
    )
    assert sessionlint("check", "app/use.py", environment=environment).returncode == status
    assert sessionlint("check", "app/use.py", "clean.py", environment=environment).returncode == 1
