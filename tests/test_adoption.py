"""The adoption story on a bundled application: a baseline is created, functions are edited, and exactly what is new and what is fixed is
named. `benchmarks/adoption.py` tells it on real ones."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests import adoption
from tests.cases import FIXTURES

APPLICATION = FIXTURES.parent / "apps" / "flask_platform"
EXPIRED = ("SES302", "admin/routes/user_management.py", "register_routes.create_reviewer")
"""What its callers read is no longer expired where `UserService.create_reviewer` is mended."""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Where the application is to be."""
    return tmp_path / "application"


@pytest.mark.parametrize(("number", "mended_too"), [(1, []), (8, [EXPIRED])])
def test_the_story(root: Path, number: int, mended_too: list[adoption.Place]) -> None:
    shutil.copytree(APPLICATION, root)
    (root / "sessionlint.toml").touch()
    candidates = list(adoption.sites(root, adoption.findings(root)))
    edits = adoption.chosen(candidates, number)
    assert (len(edits.mixed), len(edits.moved), len(edits.padded)) == (number, number, number)
    assert adoption.sessionlint(root, "baseline", "create").returncode == 0
    assert adoption.sessionlint(root, "check").returncode == 0
    adoption.edit(root, edits)
    new, stale = adoption.expected(root, edits)
    found = adoption.outcome(root)
    assert found.status == 1
    assert sorted(found.new.elements()) == sorted(new.elements())
    assert sorted(found.stale.elements()) == sorted([*stale.elements(), *mended_too])
    assert adoption.sessionlint(root, "baseline", "update").returncode == 1
    assert adoption.outcome(root).stale == {}
    assert adoption.sessionlint(root, "baseline", "update", "--allow-new").returncode == 0
    assert adoption.sessionlint(root, "check").returncode == 0
