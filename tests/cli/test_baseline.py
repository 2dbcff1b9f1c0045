"""`sessionlint baseline` and `check --baseline` as users run them."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

import pytest

from tests.cli.conftest import Command

NAME = "sessionlint-baseline.json"

APP = """from extensions import db_manager


def first():
    session = db_manager.get_session()
    try:
        return session.execute("select 1").all()
    finally:
        session.close()


def second():
    session = db_manager.get_session()
    try:
        return session.execute("select 2").all()
    finally:
        session.close()
"""

THIRD = """

def third():
    session = db_manager.get_session()
    try:
        return session.execute("select 3").all()
    finally:
        session.close()
"""


@pytest.fixture
def app(project: Path) -> Path:
    """A file with two findings of SES101, which a baseline knows."""
    path = project / "app.py"
    path.write_text(APP)
    return path


@pytest.fixture
def known(sessionlint: Command, app: Path, project: Path) -> Path:
    """The baseline."""
    assert sessionlint("baseline", "create").returncode == 0
    return project / NAME


def found(sessionlint: Command, *arguments: str) -> list[tuple[str, str, int]]:
    """Code, file and row of what `check` reports."""
    done = sessionlint("check", "--output-format", "json", *arguments)
    return [(one["code"], one["filename"], one["location"]["row"]) for one in json.loads(done.stdout) if one["baseline"] != "unchanged"]


def test_what_is_known_is_not_reported(sessionlint: Command, known: Path, app: Path) -> None:
    done = sessionlint("check")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("All checks passed!")
    app.write_text(APP + THIRD)
    assert found(sessionlint) == [("SES101", "app.py", 21)]
    assert found(sessionlint, "--no-baseline") == [("SES101", "app.py", 5), ("SES101", "app.py", 13), ("SES101", "app.py", 21)]


def test_create_says_what_it_wrote(sessionlint: Command, app: Path) -> None:
    done = sessionlint("baseline", "create")
    assert (done.returncode, done.stdout) == (0, f"{NAME}: 2 entries (SES101 2): 2 added, 0 dropped.\n")


def test_create_replaces_nothing_unasked(sessionlint: Command, known: Path, app: Path) -> None:
    before = known.read_bytes()
    app.write_text(APP + THIRD)
    done = sessionlint("baseline", "create")
    assert (done.returncode, known.read_bytes()) == (2, before)
    assert "there is a baseline already (`baseline update` renews it, `--force` replaces it)" in done.stderr
    assert sessionlint("baseline", "create", "--force").returncode == 0
    assert len(json.loads(known.read_text())) == 4


def test_update_does_not_grow_unasked(sessionlint: Command, known: Path, app: Path) -> None:
    before = known.read_bytes()
    app.write_text(APP + THIRD)
    done = sessionlint("baseline", "update")
    assert (done.returncode, known.read_bytes()) == (1, before)
    assert done.stdout.splitlines()[0] == "app.py:21:15: not taken: SES101 session is taken directly from `db_manager.get_session()`"
    assert done.stderr.splitlines()[-1].endswith("exit status 1: 1 new finding not taken into the baseline without `--allow-new`")
    done = sessionlint("baseline", "update", "--allow-new")
    assert (done.returncode, done.stdout) == (0, f"{NAME}: 3 entries (SES101 3): 1 added, 0 dropped.\n")
    assert sessionlint("check").returncode == 0


@pytest.mark.parametrize("command", ["update", "prune"])
def test_stale_entries_are_reported_and_dropped(sessionlint: Command, known: Path, app: Path, command: str) -> None:
    app.write_text(APP.partition("\n\n\ndef second")[0] + "\n")
    lines = known.read_text().splitlines()
    (row,) = [row for row, line in enumerate(lines, 1) if '"second"' in line]
    done = sessionlint("check", "--output-format", "concise")
    assert done.returncode == 1
    assert done.stdout.splitlines()[0] == (
        f"{NAME}:{row}:1: SES004 there is no finding any more for the entry `SES101 app.py in `second`: session = db_manager.get_session()`"
    )
    assert found(sessionlint, "--ignore", "SES004") == []
    done = sessionlint("baseline", command)
    assert done.returncode == 0
    assert f"{NAME}:{row}: dropped: SES101 app.py in `second`: session = db_manager.get_session()\n" in done.stdout
    assert known.read_text().splitlines() == [line for line in lines if '"second"' not in line]
    assert sessionlint("check").returncode == 0


def test_prune_changes_no_other_line(sessionlint: Command, known: Path, app: Path) -> None:
    lines = known.read_text().splitlines()
    app.write_text(APP.partition("\n\n\ndef second")[0].replace("select 1", "select one") + "\n")
    assert sessionlint("baseline", "prune").returncode == 0
    assert known.read_text().splitlines() == [line for line in lines if '"second"' not in line]
    assert sessionlint("baseline", "update").returncode == 0
    assert known.read_text().splitlines() != [line for line in lines if '"second"' not in line]


def test_a_suppressed_finding_needs_no_entry(sessionlint: Command, known: Path, app: Path) -> None:
    app.write_text(APP.replace("get_session()\n", "get_session()  # sessionlint: ignore[SES101] -- old\n", 1))
    done = sessionlint("check", "--output-format", "concise")
    assert "SES004 a comment silences the finding of the entry `SES101 app.py in `first`: " in done.stdout
    assert sessionlint("baseline", "prune").returncode == 0
    assert sessionlint("check").returncode == 0
    assert len(json.loads(known.read_text())) == 2


@pytest.mark.parametrize(
    ("arguments", "change"),
    [
        (("clean.py",), ""),
        (("--select", "SES3"), ""),
        (("--per-file-ignores", "app.py:SES101"), ""),
        (("--exclude", "app.py"), ""),
        ((), "app.py"),
        ((), "extensions.py"),
    ],
    ids=["paths", "select", "per-file-ignores", "exclude", "syntax-error", "syntax-error-in-an-import"],
)
def test_what_was_not_examined_is_not_stale(
    sessionlint: Command, known: Path, app: Path, project: Path, arguments: tuple[str, ...], change: str
) -> None:
    before = known.read_bytes()
    app.write_text("from extensions import db_manager\n")
    if change:
        (project / change).write_text("from sqlalchemy.orm import Session\ndef (:\n")
    assert [code for code, _, _ in found(sessionlint, *arguments)] == (["SES001"] if change else [])
    done = sessionlint("baseline", "prune", *arguments)
    assert (done.returncode, known.read_bytes()) == (0, before)
    assert f"{NAME}: 2 entries (SES101 2): 0 added, 0 dropped, 2 not examined and kept.\n" in done.stdout
    done = sessionlint("baseline", "update", *arguments)
    assert (done.returncode, known.read_bytes()) == (0, before)


def test_a_broken_file_elsewhere_keeps_nothing(sessionlint: Command, known: Path, app: Path, project: Path) -> None:
    app.write_text("from extensions import db_manager\n")
    (project / "other.py").write_text("def (:\n")
    assert [code for code, _, _ in found(sessionlint)] == ["SES001", "SES004", "SES004"]


def test_a_file_that_is_gone_takes_its_entries_along(sessionlint: Command, known: Path, app: Path) -> None:
    app.unlink()
    assert [code for code, _, _ in found(sessionlint)] == ["SES004", "SES004"]
    assert found(sessionlint, "clean.py") == []


def test_errors_of_the_run_get_no_entry(sessionlint: Command, app: Path, project: Path) -> None:
    (project / "other.py").write_text("def (:\n")
    done = sessionlint("baseline", "create")
    assert done.returncode == 0
    assert "other.py:1:5: stays reported: SES001 " in done.stdout
    assert [code for code, _, _ in found(sessionlint)] == ["SES001"]


def test_show_lists_entries_and_counts(sessionlint: Command, known: Path) -> None:
    done = sessionlint("baseline", "show")
    assert done.returncode == 0
    assert sorted(line.partition(": ")[2] for line in done.stdout.splitlines()[:-1]) == [
        "SES101 app.py in `first`: session = db_manager.get_session()",
        "SES101 app.py in `second`: session = db_manager.get_session()",
    ]
    assert done.stdout.splitlines()[-1] == f"{NAME}: 2 entries (SES101 2)"
    shown = json.loads(sessionlint("baseline", "show", "--output-format", "json").stdout)
    assert (shown["schema_version"], shown["total"], shown["rules"]) == (1, 2, [{"code": "SES101", "count": 2}])
    assert {entry["function"] for entry in shown["entries"]} == {"first", "second"}


@pytest.mark.parametrize(
    "command", [("check", "--baseline"), ("baseline", "update"), ("baseline", "prune"), ("baseline", "show")], ids=" ".join
)
def test_a_baseline_that_is_not_there(sessionlint: Command, app: Path, command: tuple[str, ...]) -> None:
    done = sessionlint(*command)
    assert (done.returncode, done.stdout) == (2, "")
    assert f"{NAME}: there is no baseline (`sessionlint baseline create` writes one)" in done.stderr


def test_another_file(sessionlint: Command, app: Path, project: Path) -> None:
    done = sessionlint("baseline", "create", "--baseline", "old.json")
    assert done.stdout.splitlines()[-1] == 'To have `check` use it, set `baseline = "old.json"`, or run it with `--baseline old.json`.'
    assert (done.returncode, sessionlint("check").returncode, sessionlint("check", "--baseline", "old.json").returncode) == (0, 1, 0)
    (project / "pyproject.toml").write_text('[tool.sessionlint]\nbaseline = "old.json"\n')
    assert (sessionlint("check").returncode, sessionlint("check", "--no-baseline").returncode) == (0, 1)
    (project / "pyproject.toml").write_text('[tool.sessionlint]\nbaseline = "gone.json"\n')
    assert (sessionlint("check").returncode, sessionlint("check", "--no-baseline").returncode) == (2, 1)


def test_the_configuration_can_want_none(sessionlint: Command, known: Path, project: Path) -> None:
    (project / "pyproject.toml").write_text('[tool.sessionlint]\nbaseline = ""\n')
    assert (sessionlint("check").returncode, sessionlint("check", "--baseline", NAME).returncode) == (1, 0)


@pytest.mark.parametrize("value", [".", "app.py", ""])
def test_paths_behind_the_option_are_not_taken_for_a_baseline(sessionlint: Command, known: Path, value: str) -> None:
    done = sessionlint("check", "--baseline", value)
    assert (done.returncode, done.stdout) == (2, "")
    assert "is no baseline; PATHS go in front of `--baseline`" in done.stderr


def test_both_options_exclude_each_other(sessionlint: Command, known: Path) -> None:
    done = sessionlint("check", "--baseline", "--no-baseline")
    assert done.returncode == 2
    assert "`--baseline` and `--no-baseline` exclude each other" in done.stderr


def test_from_a_directory_beneath(sessionlint: Command, known: Path, project: Path) -> None:
    (project / "package").mkdir()
    (project / "package" / "more.py").write_text(
        THIRD.replace("third", "fourth").lstrip().join(["from extensions import db_manager\n", ""])
    )
    done = sessionlint("check", "package", "--output-format", "concise")
    assert done.stdout.splitlines()[0].startswith("package/more.py:3:15: SES101 ")
    assert known.stat().st_mode & 0o777 == 0o666 & ~_umask()


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


BOOKS = """from sqlalchemy import create_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

engine = create_engine("sqlite://")


class Base(DeclarativeBase):
    pass


class Book(Base):
    __tablename__ = "books"
    id: Mapped[int] = mapped_column(primary_key=True)


def find(session: Session, number: int) -> Book | None:
    return session.query(Book).get(number)
"""
MORE = """

def other(session: Session, number: int) -> Book | None:
    return session.query(Book).get(number + 1)
"""


@pytest.fixture
def books(sessionlint: Command, project: Path) -> Path:
    """A file with a finding that is known and has a safe fix, and one that is new."""
    path = project / "books.py"
    path.write_text(BOOKS)
    assert sessionlint("baseline", "create").returncode == 0
    path.write_text(BOOKS + MORE)
    return path


@pytest.mark.parametrize("command", [("check", "--fix"), ("migrate", "--write", "--allow-dirty")], ids=" ".join)
def test_known_code_is_left_alone_unless_it_is_included(sessionlint: Command, books: Path, command: tuple[str, ...]) -> None:
    fixed = MORE.replace("session.query(Book).get(number + 1)", "session.get(Book, number + 1)")
    done = sessionlint(*command)
    assert (done.returncode, books.read_text()) == (0, BOOKS + fixed)
    done = sessionlint(*command, "--include-baselined")
    assert books.read_text() == BOOKS.replace("session.query(Book).get(number)", "session.get(Book, number)") + fixed
    assert [code for code, _, _ in found(sessionlint)] == ["SES004"]
    assert sessionlint("baseline", "prune").returncode == 0
    assert sessionlint("check").returncode == 0


def test_a_diff_leaves_known_code_alone(sessionlint: Command, books: Path) -> None:
    lines = [line for line in sessionlint("check", "--diff").stdout.splitlines() if line.startswith(("-  ", "+  "))]
    assert lines == ["-    return session.query(Book).get(number + 1)", "+    return session.get(Book, number + 1)"]
    assert sessionlint("migrate").stdout.count("\n-  ") == 1
    assert sessionlint("migrate", "--include-baselined").stdout.count("\n-  ") == 2
    assert "1 finding in the baseline left alone; `--include-baselined` takes them along.\n" in sessionlint("migrate").stderr


def test_including_goes_with_changing(sessionlint: Command, books: Path) -> None:
    done = sessionlint("check", "--include-baselined")
    assert done.returncode == 2
    assert "`--include-baselined` goes with `--fix` or `--diff`" in done.stderr


def test_the_plan_leaves_known_acquisitions_alone(sessionlint: Command, known: Path, app: Path) -> None:
    app.write_text(APP + THIRD)

    def accepted(*arguments: str) -> list[tuple[str, bool]]:
        sites = json.loads(sessionlint("plan", "--format", "json", *arguments).stdout)["sites"]
        return [(site["function"], site["accepted"]) for site in sites]

    assert accepted() == [("first", True), ("second", True), ("third", False)]
    assert accepted("--include-baselined") == accepted("--no-baseline") == [("first", False), ("second", False), ("third", False)]
    assert sessionlint("plan", "--check", "-q").returncode == 1
    app.write_text(APP)
    assert sessionlint("plan", "--check", "-q").returncode == 0


def test_the_summary_counts(sessionlint: Command, known: Path, app: Path) -> None:
    app.write_text(APP.replace("def second", "def renamed") + THIRD)
    done = sessionlint("check", "--output-format", "concise")
    assert done.stdout.splitlines()[-2:] == ["Found 3 errors.", "1 known in the baseline, 2 new, 1 stale."]


def test_statistics_tell_of_what_is_known(sessionlint: Command, known: Path) -> None:
    assert sessionlint("check", "--statistics").stdout == "All checks passed!\n2 known in the baseline, 0 new, 0 stale.\n"
    assert sessionlint("check", "--statistics", "-q").stdout == ""


def test_an_entry_that_is_not_looked_at_is_counted(sessionlint: Command, known: Path, project: Path) -> None:
    (project / "other.py").write_text("x = 1\n")
    assert sessionlint("check", "other.py").stdout == "All checks passed!\n0 known in the baseline, 0 new, 0 stale, 2 not examined.\n"


def test_a_stale_entry_is_shown_without_its_neighbours(sessionlint: Command, known: Path, app: Path) -> None:
    app.write_text(APP.partition("\n\n\ndef second")[0] + "\n")
    said = sessionlint("check").stdout.splitlines()
    assert [line.partition(" ")[2][:6] for line in said[:1]] == ["SES004"]
    assert said[1:] == [
        "help: `sessionlint baseline prune` removes it",
        "",
        "Found 1 error.",
        "1 known in the baseline, 0 new, 1 stale.",
    ]


def test_since_looks_for_nothing_stale(sessionlint: Command, known: Path, app: Path, project: Path) -> None:
    for arguments in (("init", "-q"), ("add", "."), ("-c", "user.name=A", "-c", "user.email=a@example.org", "commit", "-q", "-m", "one")):
        subprocess.run(["git", *arguments], cwd=project, check=True, timeout=60)
    app.write_text(APP.replace("def second", "def renamed"))
    assert [code for code, _, _ in found(sessionlint)] == ["SES101", "SES004"]
    assert "SES004" not in [code for code, _, _ in found(sessionlint, "--since", "HEAD")]
