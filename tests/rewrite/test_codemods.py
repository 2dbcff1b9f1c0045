"""Every case of `fixtures/codemods`: the result is `after/`, a second run changes nothing, and both programs do what `case.toml` says."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from sessionlint.config import Settings
from sessionlint.pipeline import run
from sessionlint.rewrite import Migration, migrate, write

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

ROOT = Path(__file__).parents[2] / "fixtures" / "codemods"
CASES = sorted(path.parent for path in ROOT.rglob("case.toml"))


def _migrate(project: Path) -> Migration:
    settings = Settings(root=project)
    done = run([project], settings, jobs=1)
    return migrate(done.program, settings, done.sources, lambda file, row: True, done.findings)


def _files(folder: Path) -> dict[str, bytes]:
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*.py") if "__pycache__" not in p.parts}


def _printed(project: Path, scratch: Path) -> str:
    script = f"import sys; sys.path.insert(0, {str(project)!r}); import main; main.main()"
    done = subprocess.run(
        [sys.executable, "-B", "-W", "ignore", "-c", script], cwd=scratch, capture_output=True, text=True, timeout=60, check=True
    )
    return done.stdout.strip("\n")


@pytest.mark.parametrize("case", CASES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_case(case: Path, tmp_path: Path) -> None:
    project = tmp_path / "project"
    shutil.copytree(case / "before", project)
    expected = tomllib.loads((case / "case.toml").read_text(encoding="utf-8"))
    assert _printed(project, tmp_path) == expected["stdout"].strip("\n")
    result = _migrate(project)
    write(project, list(result.changes))
    assert _files(project) == _files(case / "after")
    assert sorted({f"{site.file}::{site.function}" for site in result.left}) == sorted(expected["explains"])
    assert _printed(project, tmp_path) == expected["stdout"].strip("\n")
    assert _migrate(project).changes == ()


def test_there_are_cases() -> None:
    assert len(CASES) >= 3
