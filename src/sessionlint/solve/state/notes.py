"""What a walk asked of the program: while the answers stay the same, so does what it found. And what belongs to the program as a whole."""

from __future__ import annotations

import sys
from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field
from typing import TypeVar

from sessionlint.link import Model
from sessionlint.link.symbols import ClassId, FunctionId
from sessionlint.solve.state.objects import HeapObject, Variables
from sessionlint.solve.state.values import Key, Value

NOWHERE = sys.maxsize
"""Where nothing is cut off."""

K = TypeVar("K")
V = TypeVar("V")


@dataclass(slots=True)
class Note:
    """The functions whose facts were read or that relevance was asked about, the models that were looked at, what was used that belongs
    to the program as a whole (`statics`), by what names functions are `called` whose calls were looked at, and of which functions it
    mattered whether something comes out of them (`exports`) or whether they are too large, with the answers. What `is_static` must not
    depend on what was walked before: there, everything may matter."""

    functions: set[FunctionId] = field(default_factory=set)
    models: set[ClassId] = field(default_factory=set)
    statics: set[Hashable] = field(default_factory=set)
    exports: dict[FunctionId, bool] = field(default_factory=dict)
    too_large: dict[FunctionId, bool] = field(default_factory=dict)
    called: set[str] = field(default_factory=set)
    is_static: bool = False

    def include(self, other: Note) -> None:
        """What was asked for something that is used here as well."""
        self.functions |= other.functions
        self.models |= other.models
        self.statics |= other.statics
        self.exports.update(other.exports)
        self.too_large.update(other.too_large)
        self.called |= other.called


class Memo(dict[K, tuple[V, Note]]):
    """What was worked out, each with what that asked of the program."""


class Watched(dict[ClassId, Model]):
    """The models of a program; which are asked for is put into `looked`."""

    def __init__(self, models: Mapping[ClassId, Model]) -> None:
        super().__init__(models)
        self.looked: set[ClassId] = set()

    def get(self, key: ClassId, default: Model | None = None) -> Model | None:  # type: ignore[override]
        self.looked.add(key)
        return super().get(key, default)

    def __contains__(self, key: object) -> bool:
        self.looked.add(key)  # type: ignore[arg-type]
        return super().__contains__(key)

    def __getitem__(self, key: ClassId) -> Model:
        self.looked.add(key)
        return super().__getitem__(key)


@dataclass(frozen=True, slots=True)
class Static:
    """A value, the objects and variables behind it, and what was asked of the program to find it."""

    value: Value
    heap: dict[Key, HeapObject]
    variables: dict[Key, Variables]
    note: Note


@dataclass(slots=True)
class Statics:
    """What is known, and what is being evaluated: the place of each in the chain of those that wait for it.

    What came to one that waits for it (`cut` is the first of these) saw nothing of it, so it is only good for as long as that one lasts.
    """

    known: dict[Hashable, Static] = field(default_factory=dict)
    passing: dict[Hashable, tuple[Static, int]] = field(default_factory=dict)
    waiting: dict[Hashable, int] = field(default_factory=dict)
    cut: int = NOWHERE


def close(statics: Statics, used: set[Hashable]) -> set[Hashable]:
    """Those that are used, and those that they were made of."""
    found, pending = set(used), list(used)
    while pending:
        new = statics.known[pending.pop()].note.statics - found
        found |= new
        pending += new
    return found
