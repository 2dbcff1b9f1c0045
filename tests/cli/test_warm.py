"""A `check` in which nothing has changed: which options may show, and what is read and imported for it."""

from __future__ import annotations

import contextlib
import io
import subprocess
import sys
from pathlib import Path

import pytest

from sessionlint.cli.check import check
from sessionlint.cli.main import main

LEAK = "from sqlalchemy.orm import Session\n\n\ndef leak(engine):\n    session = Session(engine)\n    session.execute(None)\n"
FILES = {
    "pyproject.toml": "[tool.sessionlint]\n",
    "leak.py": LEAK,
    "package/__init__.py": "",
    "package/quiet.py": LEAK.replace("Session(engine)", "Session(engine)  # sessionlint: ignore[SES102]"),
    "page.html": "{{ user.name }}",
    ".gitignore": "package\n",
    "other.toml": 'ignore = ["SES102"]\n',
}

SHOWING = {
    "paths": ["package"],
    "select": ["--select", "SES3"],
    "extend_select": ["--extend-select", "SES504"],
    "ignore": ["--ignore", "SES102"],
    "per_file_ignores": ["--per-file-ignores", "leak.py:SES102"],
    "exclude": ["--exclude", "leak.py"],
    "extend_exclude": ["--extend-exclude", "leak.py"],
    "respect_gitignore": ["--no-respect-gitignore"],
    "force_exclude": ["--force-exclude", "package"],
    "config": ["--config", "other.toml"],
    "isolated": ["--isolated"],
    "baseline": ["--baseline", "known.json"],
    "no_baseline": ["--no-baseline"],
    "output_format": ["--output-format", "json"],
    "output_file": ["--output-file", "json=out.json"],
    "statistics": ["--statistics"],
    "show_files": ["--show-files"],
    "diff": ["--diff"],
    "fixable": ["--fixable", "SES3"],
    "unfixable": ["--unfixable", "SES102"],
    "extend_fixable": ["--fixable", "SES3", "--extend-fixable", "SES1"],
    "unsafe_fixes": ["--unsafe-fixes"],
    "stdin_filename": ["--stdin-filename", "leak.py"],
    "exit_zero": ["--exit-zero"],
    "quiet": ["--quiet"],
    "silent": ["--silent"],
    "color": ["--color", "always"],
}
"""Options that may change what is printed, each as it is tried."""

ELSEWHERE = {
    "since": "is compared with a revision: tests/cli/test_since.py",
    "affected": "is compared with a revision: tests/cli/test_affected.py",
    "staged": "is about git's index: tests/cli/test_since.py",
    "include_baselined": "goes with --fix alone, which makes the program",
    "fix": "changes files, so that the next run is another",
    "fix_only": "changes files, so that the next run is another",
    "show_fixes": "is about --fix",
    "exit_non_zero_on_fix": "is about --fix",
    "add_noqa": "changes files, so that the next run is another",
    "add_ignore": "changes files, so that the next run is another",
    "watch": "is the same, again and again",
    "no_cache": "takes nothing and leaves nothing",
    "cache_dir": "says where it is kept",
    "jobs": "is about how it is found out: tests/test_invariance.py",
    "executor": "is about how it is found out: tests/pipeline/test_executors.py",
    "verbose": "says whether it was taken: tests/cli/test_check.py",
    "show_settings": "analyses nothing",
    "help": "is no run",
}


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name, content in FILES.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(content)
    (tmp_path / "known.json").write_text('{"schema_version": 1}\n')
    monkeypatch.chdir(tmp_path)
    for name in ("PRE_COMMIT", "SESSIONLINT_NO_CACHE", "SESSIONLINT_CACHE_DIR", "SESSIONLINT_OUTPUT_FORMAT", "FORCE_COLOR"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path


def called(*arguments: str) -> tuple[object, str, str]:
    """The status, what was printed, and what was written."""
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err), pytest.raises(SystemExit) as left:
        main(["check", *arguments])
    written = Path("out.json")
    return left.value.code, out.getvalue() + err.getvalue(), written.read_text() if written.exists() else ""


def test_every_option_is_decided_on() -> None:
    assert sorted([*SHOWING, *ELSEWHERE]) == sorted({parameter.name for parameter in check.params} | {"help"})


@pytest.mark.parametrize("option", SHOWING)
def test_a_warm_run_says_under_each_option_what_a_cold_one_does(project: Path, option: str, monkeypatch: pytest.MonkeyPatch) -> None:
    called()
    arguments = SHOWING[option]
    for _ in range(2):
        results = []
        for cache in (["--no-cache"], []):
            monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(LEAK.encode())))
            results.append(called(*arguments, *cache))
        assert results[0] == results[1]
    assert called() == called("--no-cache")


ROOMS = ("link.linking", "link.program", "solve.events", "check.checking", "check.rule", "facts.ops", "facts.file", "rewrite", "survey")
OTHERS = ("libcst", "jinja2", "rich.console", "pathspec", "multiprocessing", "subprocess", "tempfile", "traceback")
WATCHED = {*(f"sessionlint.{room}" for room in ROOMS), *OTHERS}


@pytest.mark.parametrize("format", ["full", "concise", "json", "grouped"])
def test_a_warm_run_imports_nothing_that_finds_anything_out(project: Path, format: str) -> None:
    code = (
        "import sys\n"
        "opened = []\n"
        "sys.addaudithook(lambda event, given: opened.append(str(given[0])) if event == 'open' else None)\n"
        "from sessionlint.cli import main\n"
        "try:\n"
        f"    main(['check', '--jobs', '1', '--output-format', {format!r}])\n"
        "finally:\n"
        f"    print(sorted(sys.modules.keys() & {WATCHED!r}), sum('.sessionlint_cache' in name for name in opened))\n"
    )
    for _ in range(2):
        done = subprocess.run([sys.executable, "-c", code], cwd=project, capture_output=True, text=True, check=False)
    assert "SES102" in done.stdout
    # what is excluded, and the result
    assert done.stdout.splitlines()[-1] == "[] 2"


def test_version_imports_what_it_needs(project: Path) -> None:
    code = (
        "import sys\n"
        "from sessionlint.cli import main\n"
        "try:\n"
        "    main(['--version'])\n"
        "finally:\n"
        "    print(sorted({name.partition('.')[0] for name in sys.modules} & {'msgspec', 'hashlib', 'pathspec', 'rich'}))\n"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=project, capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"
