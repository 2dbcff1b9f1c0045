"""Copies of the process share the walk, whatever becomes of them; what is found is the same."""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import pytest

from sessionlint.config import load_settings
from sessionlint.pipeline import run
from sessionlint.pipeline.solving.forking import Forks
from sessionlint.solve import Events, solve
from sessionlint.solve.again.earlier import Earlier

APP = Path(__file__).parents[2] / "fixtures" / "apps" / "flask_platform"
pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="processes are only copied on Linux")


class Failing(Forks):
    """Copies of which each ends itself at its third message."""

    def open(self, work: Callable[[Any], Any]) -> AbstractContextManager[list[Any]]:
        messages = 0

        def failing(message: Any) -> Any:
            nonlocal messages
            messages += 1
            if messages == 3:
                os.kill(os.getpid(), signal.SIGKILL)
            return work(message)

        return super().open(failing)


@pytest.fixture(scope="module")
def alone() -> Events:
    return solved(None)


def solved(forks: Forks | None) -> Events:
    settings = load_settings([APP])
    return solve(run([APP], settings, only_link=True, needs_program=True).program, None, forks)


@pytest.fixture
def taken(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many results came from other processes."""
    counts: list[int] = []
    ahead = Earlier.ahead
    monkeypatch.setattr(Earlier, "ahead", lambda self, results: (counts.append(len(results)), ahead(self, results))[1])
    return counts


def test_shared_work_finds_the_same(alone: Events, taken: list[int]) -> None:
    assert solved(Forks(2)) == alone
    assert taken[0] > 150


def test_one_process_is_enough(alone: Events, taken: list[int]) -> None:
    assert solved(Forks(1)) == alone
    assert taken == [0]


def test_processes_that_die_are_done_without(alone: Events, taken: list[int]) -> None:
    assert solved(Failing(2)) == alone
    assert 0 < taken[0] < 50


def test_no_process_is_left() -> None:
    before = set(multiprocessing.active_children())
    with Forks(2).open(lambda message: message) as channels:
        channels[0].send(1)
        assert channels[0].recv() == 1
        assert len(multiprocessing.active_children()) == len(before) + 1
    assert set(multiprocessing.active_children()) == before
