"""Executors that `--executor tests.pipeline.factories:…` names."""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import Future, ProcessPoolExecutor, ThreadPoolExecutor
from typing import Any


def threads() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(3)


def processes() -> ProcessPoolExecutor:
    return ProcessPoolExecutor(2)


class AtOnce:
    """No subclass of anything: it does what it is given when it is given it, and has nothing to be closed."""

    def submit(self, function: Callable[..., Any], /, *arguments: Any) -> Future[Any]:
        future: Future[Any] = Future()
        future.set_result(function(*arguments))
        return future


def _die() -> None:
    os._exit(3)


class LosesAWorker(ProcessPoolExecutor):
    """Its third task ends the process that takes it."""

    count = 0

    def submit(self, function: Callable[..., Any], /, *arguments: Any, **options: Any) -> Future[Any]:
        self.count += 1
        return super().submit(_die) if self.count == 3 else super().submit(function, *arguments, **options)


def loses_a_worker() -> LosesAWorker:
    return LosesAWorker(1)


class OfAnotherVersion(AtOnce):
    def submit(self, function: Callable[..., Any], /, *arguments: Any) -> Future[Any]:
        future: Future[Any] = Future()
        future.set_result(("0.0.1 3 3.9", function(*arguments)[1]))
        return future


class Silent(AtOnce):
    """Nothing is ever done, as on a cluster without workers."""

    def submit(self, function: Callable[..., Any], /, *arguments: Any) -> Future[Any]:
        return Future()


def fails() -> None:
    raise OSError("no route to the cluster")


def no_executor() -> int:
    return 1
