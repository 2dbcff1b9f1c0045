"""0, 1, 2 and nothing else: every command, its options, every format and what goes wrong, by the table in `exit_table.py`."""

from __future__ import annotations

import io
import os
import shlex
import subprocess
import sys
from collections.abc import Iterator
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path

import click
import pytest

import sessionlint.pipeline
from sessionlint.check.rules.ses406_legacy_query_get import LegacyQueryGet
from sessionlint.cli import main
from sessionlint.cli.group import group
from sessionlint.report import formats
from tests.cli.exit_table import ALWAYS_0_OR_2, FILES, TABLE, WITHOUT_ANALYSIS, Row

ANALYSING = sorted(set(TABLE) - WITHOUT_ANALYSIS)


@pytest.fixture(autouse=True)
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in [name for name in os.environ if name.startswith(("SESSIONLINT_", "PRE_COMMIT"))]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("NO_COLOR", "1")
    for folder in ("project", "project/new", "fresh"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "app.py").write_text("from sqlalchemy.orm import Session\n")
    for name, text in FILES.items():
        (tmp_path / "project" / name).write_text(text)
    monkeypatch.chdir(tmp_path / "project")
    return tmp_path / "project"


def ran(arguments: str, input: str = "") -> tuple[int, str]:
    """The status and the lines on standard error of a command, in this process."""
    error = io.StringIO()
    monkeypatch = pytest.MonkeyPatch()
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(input.encode()), encoding="utf-8"))
    out = io.TextIOWrapper(io.BytesIO(), encoding="utf-8", write_through=True)
    with redirect_stdout(out), redirect_stderr(error), pytest.raises(SystemExit) as ended:
        main(shlex.split(arguments))
    monkeypatch.undo()
    assert isinstance(ended.value.code, int)
    return ended.value.code, error.getvalue()


def agrees(row: Row, status: int, error: str) -> None:
    """Whether a command ended as the table says; its last line is what says why."""
    assert status == row.status, error
    assert "Traceback" not in error
    last = error.splitlines()[-1] if error else ""
    if row.line:
        assert last.startswith(row.line)
    elif status == 0:
        assert not last.startswith("sessionlint: ")


def commands(command: click.Command = group, name: str = "") -> Iterator[str]:
    """The names of all commands and groups that there are."""
    yield name
    if isinstance(command, click.Group):
        context = click.Context(command)
        for inner in command.list_commands(context):
            found = command.get_command(context, inner)
            assert found is not None
            yield from commands(found, f"{name} {inner}".strip())


def test_every_command_has_its_rows() -> None:
    assert sorted(TABLE) == sorted(commands()), "tests/cli/exit_table.py"


@pytest.mark.parametrize("command", TABLE)
def test_every_status_of_a_command_has_a_row(command: str) -> None:
    assert {row.status for row in TABLE[command]} == ({0, 2} if command in ALWAYS_0_OR_2 else {0, 1, 2})
    assert all(row.arguments.startswith(command) for row in TABLE[command])
    assert all(row.why for row in TABLE[command] if row.status == 2)


@pytest.mark.parametrize("row", [row for rows in TABLE.values() for row in rows], ids=lambda row: f"{row.arguments}={row.status}")
def test_the_table(row: Row) -> None:
    for before in row.first:
        assert ran(before)[0] == 0
    agrees(row, *ran(row.arguments, row.input))


@pytest.mark.parametrize("format", formats())
@pytest.mark.parametrize(
    ("options", "status", "why"),
    [
        ("clean.py", 0, ""),
        ("leak.py broken.py", 1, "2 findings remain"),
        ("leak.py --exit-zero", 0, ""),
        ("leak.py --silent", 1, ""),
        ("leak.py -o out.txt", 1, "1 finding remains"),
        ("leak.py mendable.py --fix", 1, "1 finding remains"),
        ("gone.py", 2, "error: `gone.py` does not exist"),
    ],
)
def test_every_format(format: str, options: str, status: int, why: str) -> None:
    agrees(Row("", status, why), *ran(f"check --output-format {format} {options}"))


def failing(*_: object, **__: object) -> object:
    raise ZeroDivisionError("by hand")


@pytest.mark.parametrize("command", ANALYSING)
def test_a_crash(command: str, monkeypatch: pytest.MonkeyPatch) -> None:
    row = next(row for row in TABLE[command] if row.status == 0 and "--show" not in row.arguments)
    for before in row.first:
        ran(before)
    monkeypatch.setattr(sessionlint.pipeline, "run", failing)
    status, error = ran(row.arguments, row.input)
    agrees(Row("", 2, "internal error: ZeroDivisionError: by hand"), status, error)
    assert "Please report it with the output of" in error


@pytest.mark.parametrize(
    "arguments",
    ["check", "check --exit-zero", "check --fix", "check --diff", "migrate", "migrate --write", "explain leak.py:6", "baseline create"],
)
def test_a_rule_that_fails(arguments: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(LegacyQueryGet, "check", failing)
    agrees(Row("", 2, "exit status 2: 1 internal error (SES009)"), *ran(arguments))


def test_an_interrupt(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object, **__: object) -> object:
        raise KeyboardInterrupt

    monkeypatch.setattr(sessionlint.pipeline, "run", interrupted)
    agrees(Row("", 130, "interrupted"), *ran("check"))


def test_a_directory_that_cannot_be_read(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = os.scandir

    def scandir(path: str) -> object:
        if Path(path).name == "new":
            raise PermissionError(13, "Permission denied")
        return real(path)

    monkeypatch.setattr(os, "scandir", scandir)
    agrees(Row("", 2, "error: `new` cannot be read: Permission denied"), *ran("check new"))
    agrees(Row("", 0), *ran("check --ignore ALL"))


PRINTING = pytest.mark.parametrize("command", [name for name in TABLE if name != "baseline"])


def _printing(command: str) -> tuple[Row, list[str]]:
    """A row of a command under which it prints something, and the call."""
    row = next(row for row in TABLE[command] if row.status == (1 if command in {"check", "migrate"} else 0))
    for before in row.first:
        assert ran(before)[0] == 0
    return row, [sys.executable, "-m", "sessionlint", *shlex.split(row.arguments)]


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no device that is always full")
@PRINTING
def test_standard_output_that_cannot_be_written(command: str, project: Path) -> None:
    _, call = _printing(command)
    with open("/dev/full", "w") as full:
        done = subprocess.run(
            call, cwd=project, stdin=subprocess.DEVNULL, stdout=full, stderr=subprocess.PIPE, text=True, timeout=60, check=False
        )
    agrees(Row("", 2, "error: standard output cannot be written: No space left on device"), done.returncode, done.stderr)


@PRINTING
def test_a_reader_that_goes_away(command: str, project: Path) -> None:
    row, call = _printing(command)
    with subprocess.Popen(
        call, cwd=project, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        agrees(row, process.wait(60), process.stderr.read())


@pytest.mark.parametrize("streams", ["<&-", ">&-", "2>&-", "<&- >&- 2>&-", "2>/dev/full"])
def test_streams_that_are_closed(streams: str, project: Path) -> None:
    command = f"{shlex.quote(sys.executable)} -m sessionlint check leak.py -n {streams}"
    done = subprocess.run(["/bin/sh", "-c", command], cwd=project, capture_output=True, text=True, timeout=60, check=False)
    said = "" if "2>" in streams else "sessionlint: exit status 1: 1 finding remains\n"
    assert (done.returncode, done.stderr) == (1, said)
    assert ("leak.py" in done.stdout) is (">&- " not in f"{streams} ".replace("2>&- ", ""))
