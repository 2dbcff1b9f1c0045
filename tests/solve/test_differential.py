"""SQLAlchemy decides: every case of `fixtures/differential` is run, and the lines on which it raises are the lines that have to be
reported, by a rule that is about that error."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import importlib.util
import inspect
import io
import sys
import traceback
import warnings
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest
from sqlalchemy.exc import InvalidRequestError, MissingGreenlet
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


def family(error: BaseException) -> str:
    """Which rules have to report what raised `error`; empty for an error of another kind."""
    wrapped = getattr(error, "orig", None) or error
    if isinstance(wrapped, DetachedInstanceError):
        return "detached"
    if isinstance(wrapped, MissingGreenlet):
        return "async"
    return "raise" if isinstance(wrapped, InvalidRequestError) and "is not available due to" in str(wrapped) else ""


CODES = {
    "detached": {"SES301", "SES302", "SES401"},
    "async": {"SES303"},
    "raise": {"SES305"},
}


def raising_lines(module: ModuleType, path: Path) -> Iterator[tuple[str, tuple[str, int] | None]]:
    """Each case's name, and the kind of error and the innermost line of the file on which it was raised, if it was."""
    for name in [name for name in vars(module) if name.startswith("case_")]:
        place = None
        with warnings.catch_warnings(), contextlib.redirect_stdout(io.StringIO()):
            warnings.simplefilter("ignore")
            try:
                finish(module.seed())
                finish(getattr(module, name)())
            except Exception as error:
                if not family(error):
                    raise
                rows = [frame.lineno for frame in traceback.extract_tb(error.__traceback__) if Path(frame.filename) == path]
                place = family(error), rows[-1] or 0
        yield name, place


def finish(result: object) -> None:
    """Run what an async case returned."""
    if inspect.iscoroutine(result):
        asyncio.run(result)


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # what a MissingGreenlet leaves behind unawaited
@pytest.mark.parametrize("path", sorted(FIXTURES.glob("*.py")), ids=lambda path: path.stem)
def test_findings_are_where_sqlalchemy_raises(path: Path) -> None:
    outcomes = dict(raising_lines(load(path), path))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        gc.collect()  # here, not in a later test that knows nothing of it
    findings = run([path], load_settings([path], isolated=True)).findings
    reported = {(kind, finding.at.range.row) for finding in findings for kind, codes in CODES.items() if finding.code in codes}
    raised = {place for place in outcomes.values() if place is not None}
    assert len(raised) >= 20, "too few cases that raise"
    assert len(outcomes) >= len(raised) + 20, "too few cases that do not"
    source = path.read_text().splitlines()
    missed = {name: place for name, place in outcomes.items() if place is not None and place not in reported}
    surplus = {f"{kind} {row}: {source[row - 1].strip()}" for kind, row in reported - raised}
    assert (missed, surplus) == ({}, set())
