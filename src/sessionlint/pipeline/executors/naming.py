"""What `--executor` was given, and whether that can be meant. Entry point: `executor_named`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from importlib.util import find_spec

SERVICES = {"dask": "distributed", "ray": "ray"}
"""What can be named without a factory, and the package that it needs."""

_ADDRESS = re.compile(r"([a-z]+://)?[^\s/]+:\d+(/.*)?")


@dataclass(frozen=True, slots=True)
class ExecutorName:
    """What `--executor` was given: a service and the address of a cluster, empty for one that is started; or a module and its factory.

    `jobs` is the number of workers of a cluster that is started, 0 for one a processor.
    """

    kind: str
    target: str
    jobs: int = 0

    @property
    def is_local(self) -> bool:
        """Whether it is a cluster that is started here, with as many workers as `--jobs` says."""
        return self.kind in SERVICES and not self.target

    def __str__(self) -> str:
        return f"{self.kind}:{self.target}" if self.target else self.kind


def executor_named(text: str) -> ExecutorName:
    """The executor that a user means. Raises `ValueError` if it is none or its package is not installed; imports nothing."""
    kind, colon, target = text.partition(":")
    parts = [*kind.split("."), *(() if kind in SERVICES else target.split("."))]
    if not all(map(str.isidentifier, parts)) or (colon and not target):
        raise ValueError(f"`{text}` is not of the form `dask[:ADDRESS]`, `ray[:ADDRESS]` or `package.module:factory`")
    if kind == "dask" and target and not _ADDRESS.fullmatch(target):
        raise ValueError(f"`{target}` is not the address of a Dask scheduler, which is of the form `tcp://HOST:PORT`")
    package = SERVICES.get(kind, parts[0])
    if find_spec(package) is None:
        hint = f" (pip install 'sessionlint[{kind}]')" if kind in SERVICES else ""
        raise ValueError(f"`{text}` needs the package `{package}`, which is not installed{hint}")
    return ExecutorName(kind, target)
