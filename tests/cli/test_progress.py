"""The progress bar: on a terminal only, only for what takes long, and nothing of it is left."""

from __future__ import annotations

import io
import sys
import time

import pytest

from sessionlint.cli import progress


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def shown(monkeypatch: pytest.MonkeyPatch, screen: io.StringIO, *, seconds: float) -> str:
    monkeypatch.setattr(progress, "PATIENCE", 0.05)
    monkeypatch.setattr(sys, "stderr", screen)
    monkeypatch.setenv("TERM", "xterm")
    with progress.progress_bar(wanted=True) as tell:
        assert (tell is not None) is screen.isatty()
        if tell:
            tell("Parsing", 3, 8)
            time.sleep(seconds)
            tell("Parsing", 4, 8)
            tell("Analysing", 0, 0)
            time.sleep(seconds)
    return screen.getvalue()


def test_long_work_is_shown_with_what_is_being_done(monkeypatch: pytest.MonkeyPatch) -> None:
    text = shown(monkeypatch, Terminal(), seconds=0.6)
    assert "Parsing" in text
    assert "Analysing" in text
    assert text.endswith("\x1b[?25h\r\x1b[1A\x1b[2K"), "the cursor is back and the line is empty"


def test_quick_work_is_not(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(progress, "PATIENCE", 60)
    screen = Terminal()
    monkeypatch.setattr(sys, "stderr", screen)
    with progress.progress_bar(wanted=True) as tell:
        assert tell is not None
        tell("Parsing", 8, 8)
    assert screen.getvalue() == ""


def test_nothing_is_shown_where_nobody_looks(monkeypatch: pytest.MonkeyPatch) -> None:
    assert shown(monkeypatch, io.StringIO(), seconds=0) == ""
    monkeypatch.setattr(sys, "stderr", Terminal())
    with progress.progress_bar(wanted=False) as tell:
        assert tell is None
