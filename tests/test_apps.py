"""The bundled applications: they run, their own tests pass before and after a migration, and the findings are those that their lines are
marked with."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from sessionlint.check import all_rules
from sessionlint.config import Options, load_settings
from sessionlint.pipeline import run
from sessionlint.rewrite import migrate, plan, write
from tests.cases import Case, Mark

FOLDER = Path(__file__).parents[1] / "fixtures" / "apps"
APPS = sorted(path.name for path in FOLDER.iterdir() if path.is_dir())
BY_APP = pytest.mark.parametrize("name", APPS)


@pytest.fixture
def app(name: str, tmp_path: Path) -> Path:
    """A copy, so that neither bytecode nor a database is left in ours."""
    return shutil.copytree(FOLDER / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__", ".*"))


def marks(root: Path, kind: str) -> set[Mark]:
    """The marks for rules that there are."""
    known = {rule.code for rule in all_rules()}
    return {mark for mark in Case(root).marks(kind) if mark[2] in known}


def found(root: Path) -> set[Mark]:
    settings = load_settings([root], isolated=True, overrides=Options(cache=False))
    return {(Path(done.at.file).as_posix(), done.at.range.row, done.code) for done in run([root], settings, jobs=1).findings}


def _tests(app: Path, *folders: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", *folders], cwd=app, capture_output=True, text=True, timeout=300, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


@BY_APP
def test_its_own_tests_pass_and_its_misuse_fails_as_it_should(app: Path) -> None:
    _tests(app, "tests", "misuse")


@BY_APP
def test_its_own_tests_pass_after_the_migration_and_nothing_is_left(app: Path) -> None:
    settings = load_settings([app], isolated=True, overrides=Options(cache=False))
    done = run([app], settings, jobs=1)
    result = migrate(done.program, settings, done.sources, lambda spot: True, done.findings)
    write(app, list(result.changes))
    again = run([app], settings, jobs=1)
    assert plan(again.program, settings, again.sources, lambda file: True).is_done
    assert migrate(again.program, settings, again.sources, lambda spot: True, again.findings).changes == ()
    _tests(app, "tests")


@BY_APP
def test_the_findings_are_those_that_are_marked(app: Path) -> None:
    wanted, allowed, got = marks(app, "expect"), marks(app, "allow"), found(app)
    assert wanted
    assert (sorted(wanted - got), sorted(got - wanted - allowed)) == ([], [])
