"""A survey of a small program, as `init` makes it."""

from __future__ import annotations

import textwrap
from collections.abc import Callable
from pathlib import Path

import pytest

from sessionlint.config import Options, load_settings
from sessionlint.config.options import SessionOptions
from sessionlint.pipeline import run
from sessionlint.survey import Survey, survey

Surveyed = Callable[..., Survey]


@pytest.fixture
def surveyed(tmp_path: Path) -> Surveyed:
    """`surveyed({"db.py": "…"})`; `sessions` are settings."""

    def surveyed(sources: dict[str, str], **sessions: tuple[str, ...]) -> Survey:
        for name, source in sources.items():
            path = tmp_path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(textwrap.dedent(source))
        settings = load_settings([tmp_path], isolated=True, overrides=Options(cache=False, sessions=SessionOptions(**sessions)))
        done = run([tmp_path], settings, jobs=1)
        return survey(done.program, done.events, settings)

    return surveyed


def said(found: Survey, key: str, *, is_sure: bool = True) -> list[tuple[str, str, str]]:
    """The proposals for a key: value, place and evidence."""
    return [(one.value, f"{one.at.file}:{one.at.range.row}", one.evidence) for one in found.of(key, is_sure=is_sure)]
