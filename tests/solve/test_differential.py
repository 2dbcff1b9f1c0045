"""SQLAlchemy decides: every case of `fixtures/differential` is run, and the lines on which it raises are the lines that have to be
reported."""

from __future__ import annotations

import contextlib
import importlib.util
import io
import sys
import traceback
import warnings
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest
from sqlalchemy.orm.exc import DetachedInstanceError

from sessionlint.config import load_settings
from sessionlint.pipeline import run

FIXTURES = Path(__file__).parents[2] / "fixtures" / "differential"


def load(path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(f"differential_{path.stem}", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def raising_lines(module: ModuleType, path: Path) -> Iterator[tuple[str, int | None]]:
    """Each case's name, and the innermost line of the file on which it raised `DetachedInstanceError`, if it did."""
    for name in [name for name in vars(module) if name.startswith("case_")]:
        module.seed()
        line = None
        try:
            with contextlib.redirect_stdout(io.StringIO()):
                getattr(module, name)()
        except DetachedInstanceError as error:
            line = [frame.lineno for frame in traceback.extract_tb(error.__traceback__) if Path(frame.filename) == path][-1]
        yield name, line


@pytest.mark.parametrize("path", sorted(FIXTURES.glob("*.py")), ids=lambda path: path.stem)
def test_findings_are_where_sqlalchemy_raises(path: Path) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        outcomes = dict(raising_lines(load(path), path))
    findings = run([path], load_settings([path], isolated=True)).findings
    reported = {finding.at.range.row for finding in findings if finding.code in {"SES301", "SES401"}}
    raised = {line for line in outcomes.values() if line is not None}
    assert len(raised) > 30, "too few cases that raise"
    assert len(outcomes) > len(raised) + 20, "too few cases that do not"
    missed = {name: line for name, line in outcomes.items() if line is not None and line not in reported}
    assert not missed
    source = path.read_text().splitlines()
    assert not {f"{row}: {source[row - 1].strip()}" for row in reported - raised}
