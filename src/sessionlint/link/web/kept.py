"""What is found of web applications, as plain data."""

from __future__ import annotations

from dataclasses import dataclass

from sessionlint.link.symbols import FunctionId
from sessionlint.source import Location


@dataclass(frozen=True, slots=True)
class KeptSession:
    """A session that is kept for a request under `name`; `kind` is `g` or `scoped_session`."""

    at: Location
    function: FunctionId
    kind: str
    name: str
