"""How each kind of executor is started or reached, and left: Dask, Ray, or what a factory makes. Entry point: `opened`."""

from __future__ import annotations

import contextlib
import logging
import multiprocessing
import os
import re
import signal
import socket
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Executor
from contextlib import contextmanager
from importlib import import_module
from multiprocessing import resource_tracker
from operator import attrgetter
from typing import Any, Protocol

from sessionlint.pipeline.workers import processors
from sessionlint.source import SessionlintError

_TIMEOUT = 30.0
"""Seconds in which a cluster has to answer, as for Dask."""


class Service(Protocol):
    """An executor that is open."""

    def submit(self, function: Callable[..., Any], /, *arguments: Any) -> Any:
        """A future of what the function returns: it has `add_done_callback` and `result`."""

    def ensure_workers(self) -> None:
        """Raise if nobody is there to work."""

    def close(self) -> None:
        """Give up what has not been done; a cluster that others started goes on."""


@contextmanager
def opened(kind: str, target: str, jobs: int) -> Iterator[Service]:
    """The executor of this name. Raises `SessionlintError` if it cannot be had; whatever happens, none of its processes is left here."""
    global _is_open  # noqa: PLW0603
    others = set(multiprocessing.active_children())
    _is_open = True
    try:
        service = _open(kind, target, jobs)
        try:
            yield service
        finally:
            with contextlib.suppress(Exception):
                service.close()
    except BaseException:  # an interrupt above all: nobody wants to wait for what is under way
        for process in set(multiprocessing.active_children()) - others:
            process.terminate()
        raise
    finally:
        _is_open = False


def _open(kind: str, target: str, jobs: int) -> Service:
    try:
        if kind == "dask":
            return _Dask(target, jobs)
        return _Ray(target, jobs) if kind == "ray" else _Made(kind, target)
    except SessionlintError:
        raise
    except (Exception, SystemExit) as error:
        what = " ".join(f"{type(error).__name__}: {error}".split())
        raise SessionlintError(f"the executor `{kind}{target and ':'}{target}` cannot be had: {what}") from error


@contextmanager
def without_interrupts() -> Iterator[None]:
    """Processes and threads that begin here are not interrupted along with this one, which ends them itself."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    resource_tracker.ensure_running()  # which would let interrupts through again
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


_is_open = False


def _forget_signals() -> None:
    """In a process that was forked from here: being told to end is for it what it is for every process."""
    if _is_open and threading.current_thread() is threading.main_thread():
        signal.signal(signal.SIGTERM, signal.SIG_DFL)


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forget_signals)


@contextmanager
def _our_signals() -> Iterator[None]:
    """Being told to end means after the block what it meant before, whatever a library thinks of it."""
    before = signal.getsignal(signal.SIGTERM)
    yield
    if threading.current_thread() is threading.main_thread():
        signal.signal(signal.SIGTERM, signal.SIG_DFL if before is None else before)


@contextmanager
def _without_current_directory() -> Iterator[None]:
    """What is looked at is not imported, although `python -m` would find it first."""
    if getattr(sys.modules["__main__"], "__spec__", None) is None or sys.path[:1] != [os.getcwd()]:
        yield
        return
    before = sys.path.pop(0)
    try:
        yield
    finally:
        sys.path.insert(0, before)


class _Dask:
    """The workers of a Dask cluster; without an address and where Dask's own configuration has none, a cluster of this machine."""

    def __init__(self, address: str, jobs: int) -> None:
        with _without_current_directory():
            dask, distributed = import_module("dask"), import_module("distributed")
        logging.getLogger("distributed").setLevel(logging.CRITICAL)  # what goes wrong is said by us, once
        address = address or dask.config.get("scheduler-address", "") or ""
        self._cluster: Any = None
        if not address:
            count = jobs or processors()
            with without_interrupts():
                self._cluster = distributed.LocalCluster(
                    n_workers=count,
                    threads_per_worker=1,
                    silence_logs=logging.CRITICAL,
                    dashboard_address="127.0.0.1:0",  # any free port: that of another cluster would be a warning
                    scheduler_kwargs={"dashboard": False},
                )
                self._client = distributed.Client(self._cluster, set_as_default=False)
        else:
            self._client = distributed.Client(address, set_as_default=False)
        self._executor = self._client.get_executor(pure=False)

    def submit(self, function: Callable[..., Any], /, *arguments: Any) -> Any:
        return self._executor.submit(function, *arguments)

    def ensure_workers(self) -> None:
        if not self._client.nthreads():
            raise RuntimeError("the cluster has no workers")

    def close(self) -> None:
        self._client.close()
        if self._cluster is not None:
            self._cluster.close()


class _Ray:
    """The workers of a Ray cluster; without an address the one that Ray itself finds, or else one of this machine."""

    def __init__(self, address: str, jobs: int) -> None:
        os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")  # nothing of ours reports to anyone
        with _without_current_directory():
            self._ray = import_module("ray")
        if place := re.fullmatch(r"(?:ray://)?([^/\s]+):(\d+)", address):
            socket.create_connection((place[1], int(place[2])), timeout=_TIMEOUT).close()  # Ray itself would try for minutes
        options = {"include_dashboard": False} if not address else {}
        with without_interrupts(), _our_signals():
            self._ray.init(
                address or None,
                num_cpus=(jobs or None) if not address else None,
                log_to_driver=False,
                logging_level=logging.CRITICAL,
                **options,
            )

    def submit(self, function: Callable[..., Any], /, *arguments: Any) -> Any:
        return self._ray.remote(function).remote(*arguments).future()

    def ensure_workers(self) -> None:
        if not any(node["Alive"] for node in self._ray.nodes()):
            raise RuntimeError("the cluster has no nodes")

    def close(self) -> None:
        self._ray.shutdown()


class _Made:
    """What a factory of the user's makes, called without arguments."""

    def __init__(self, module: str, factory: str) -> None:
        with _without_current_directory():
            make = attrgetter(factory)(import_module(module))
            with without_interrupts():
                self._executor = make()
        if not callable(getattr(self._executor, "submit", None)):
            raise TypeError(f"what it made, a `{type(self._executor).__name__}`, has no method `submit`")

    def submit(self, function: Callable[..., Any], /, *arguments: Any) -> Any:
        return self._executor.submit(function, *arguments)

    def ensure_workers(self) -> None:
        """Nobody but the executor knows."""

    def close(self) -> None:
        if isinstance(self._executor, Executor):
            self._executor.shutdown(wait=False, cancel_futures=True)
        elif hasattr(self._executor, "__exit__"):  # a client of a cluster, say: its `shutdown` might end the cluster
            self._executor.__exit__(None, None, None)
