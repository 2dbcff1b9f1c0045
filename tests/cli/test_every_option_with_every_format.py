"""Every option of `check` with every format: it works and can be read, or exits with 2 and names both."""

from __future__ import annotations

import io
import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from sessionlint.cli.check import check
from sessionlint.cli.main import main
from sessionlint.report import formats, has_statistics
from tests.cli.test_fix import BEFORE
from tests.report.strict import TEXTS, read

SILENCED = """\
from sqlalchemy.orm import Session


def find(session: Session, number: int):
    return session.query(int).get(number)  # sessionlint: ignore[SES406] -- the vendor's
"""
TABLE: dict[str, tuple[str, ...]] = {
    "paths": ("books.py",),
    "--select": ("--select", "SES3"),
    "--extend-select": ("--extend-select", "SES505"),
    "--ignore": ("--ignore", "SES406"),
    "--per-file-ignores": ("--per-file-ignores", "*.py:SES406"),
    "--exclude": ("--exclude", "other.py"),
    "--extend-exclude": ("--extend-exclude", "other.py"),
    "--respect-gitignore": ("--respect-gitignore",),
    "--no-respect-gitignore": ("--no-respect-gitignore",),
    "--force-exclude": ("--force-exclude",),
    "--no-force-exclude": ("--no-force-exclude",),
    "--baseline": ("--baseline", "known.json"),
    "--no-baseline": ("--no-baseline",),
    "--include-baselined": ("--fix", "--include-baselined"),
    "--since": ("--since", "HEAD"),
    "--staged": ("--staged",),
    "--affected": ("--affected", "books.py"),
    "--no-affected": ("--no-affected",),
    "--output-format": (),
    "--output-file": ("--output-file", "out.txt"),
    "--fix": ("--fix",),
    "--no-fix": ("--no-fix",),
    "--no-unsafe-fixes": ("--fix", "--no-unsafe-fixes"),
    "--no-fix-only": ("--no-fix-only",),
    "--no-show-fixes": ("--fix", "--no-show-fixes"),
    "--fixable": ("--fix", "--fixable", "SES3"),
    "--unfixable": ("--fix", "--unfixable", "SES3"),
    "--extend-fixable": ("--fix", "--extend-fixable", "SES3"),
    "--add-ignore": ("--add-ignore=known",),
    "--add-noqa": ("--add-noqa=known",),
    "--unsafe-fixes": ("--unsafe-fixes",),
    "--fix-only": ("--fix-only",),
    "--diff": ("--diff",),
    "--show-fixes": ("--fix", "--show-fixes"),
    "--exit-non-zero-on-fix": ("--fix", "--exit-non-zero-on-fix"),
    "--statistics": ("--statistics",),
    "--show-files": ("--show-files",),
    "--show-settings": ("--show-settings",),
    "--stdin-filename": ("--stdin-filename", "books.py", "-"),
    "--exit-zero": ("--exit-zero",),
    "--watch": ("--watch",),
    "--config": ("--config", "ignore = ['SES406']"),
    "--isolated": ("--isolated",),
    "--no-cache": ("--no-cache",),
    "--cache-dir": ("--cache-dir", "elsewhere"),
    "--jobs": ("--jobs", "1"),
    "--executor": ("--executor", "concurrent.futures:ThreadPoolExecutor"),
    "--verbose": ("--verbose",),
    "--quiet": ("--quiet",),
    "--silent": ("--silent",),
    "--color": ("--color", "always"),
}
LISTS = {"--show-files", "--show-settings"}
REFUSED: dict[str, Callable[[str], bool]] = {
    "--fix-only": lambda format: True,
    "--diff": lambda format: True,
    "--statistics": lambda format: not has_statistics(format),
    **dict.fromkeys(LISTS, lambda format: format not in ("full", "concise", "grouped", "json")),
}
"""Options that some formats have nothing to say under."""


def names_of_options() -> set[str]:
    names = set()
    for parameter in check.params:
        long = [name for name in (*parameter.opts, *parameter.secondary_opts) if name.startswith("--") or name == "paths"]
        names |= set(long)
    return names


def test_the_table_is_complete() -> None:
    assert set(TABLE) == names_of_options()


@pytest.fixture
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """Makes the files of a project anew."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", "/dev/null")

    def write() -> None:
        (tmp_path / "pyproject.toml").write_text("[tool.sessionlint]\n")
        (tmp_path / "books.py").write_text(BEFORE)
        (tmp_path / "other.py").write_text(SILENCED)

    write()
    for command in ("init -q", "add .", "-c user.name=n -c user.email=e commit -qm m"):
        subprocess.run(["git", *command.split()], check=True, cwd=tmp_path)
    return write


def called(*arguments: str) -> int:
    with pytest.raises(SystemExit) as caught:
        main(arguments)
    return int(str(caught.value.code))


@pytest.mark.parametrize("option", TABLE)
def test_every_format(
    option: str, files: Callable[[], None], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    if option == "--baseline":
        called("baseline", "create", "--baseline", "known.json")
        capfd.readouterr()
    monkeypatch.setattr("watchfiles.watch", lambda *_, **__: iter([set()]))  # stopped after the first run
    for format in formats():
        files()
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(BEFORE.encode())))
        status = called("check", "--output-format", format, *TABLE[option])
        printed, said = capfd.readouterr()
        if REFUSED.get(option, lambda format: False)(format):
            assert (status, printed) == (2, ""), (format, printed, said)
            assert f"`{option}`" in said
            assert f"`--output-format {format}`" in said
            continue
        assert status in ((130,) if option == "--watch" else (0, 1)), (format, said)
        if option == "--output-file":
            assert printed == ""
            printed = (tmp_path / "out.txt").read_text()
        if option in LISTS:
            assert isinstance(json.loads(printed), list | dict) if format == "json" else printed
        elif option == "--silent":
            assert (printed, said) == ("", "")
        elif option == "--statistics":
            assert "SES406" in printed
        elif option == "--color" and format in ("full", "concise", "grouped"):
            assert "\x1b[" in printed
        else:
            assert read(format, printed) or status == 0, (format, printed)


@pytest.mark.parametrize("option", ["--fix-only", "--diff", "--silent", "--fix"])
def test_files_are_written_whatever_is_printed(
    option: str, files: Callable[[], None], tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    names = [f"{format}={format}.out" for format in formats()]
    status = called("check", option, *(part for name in names for part in ("--output-file", name)))
    assert status in (0, 1)
    for format in formats():
        read(format, (tmp_path / f"{format}.out").read_text())


def test_the_number_of_processes_changes_nothing(files: Callable[[], None], tmp_path: Path) -> None:
    for number in range(12):
        (tmp_path / f"books_{number}.py").write_text(BEFORE)
    for jobs in ("1", "2"):
        called("check", "--no-cache", "--jobs", jobs, *(p for format in formats() for p in ("-o", f"{format}={jobs}/{format}")))
    for format in formats():
        assert (tmp_path / "1" / format).read_bytes() == (tmp_path / "2" / format).read_bytes()
    assert len(read("concise", (tmp_path / "1" / "concise").read_text())) > len(TEXTS)
