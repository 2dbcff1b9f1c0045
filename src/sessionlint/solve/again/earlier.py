"""The results of an earlier run: which of them hold for the program as it is now. Entry point: `Earlier`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

import msgspec

from sessionlint.link import relying_on
from sessionlint.link.symbols import ClassId, FunctionId
from sessionlint.solve.again.alignment import Alignment
from sessionlint.solve.again.compacting import compacted
from sessionlint.solve.again.described import Described, described
from sessionlint.solve.again.document import Document, PackedRoot, decoded, encoded
from sessionlint.solve.again.packing import Packed, packed, unpacked
from sessionlint.solve.again.tables import Moved, Tables
from sessionlint.solve.state.notes import Note
from sessionlint.solve.state.recorder import Recorder
from sessionlint.solve.walk.machine import Machine
from sessionlint.source.storing import as_bytes

GROWTH = 2
"""By how much what is stored may grow from edit to edit until it is compacted."""

RootKey: TypeAlias = tuple[FunctionId, ClassId | None, str]
"""A function, and for one that a model is looked at with that model and how."""


@dataclass(slots=True)
class RootResult:
    """What walking a root gave: what was seen, what was asked of the program, and what its callers need to know of it (`exports` is None
    where the walk says nothing of that)."""

    recorder: Recorder
    note: Note
    exports: bool | None = None
    is_too_large: bool = False


Edits: TypeAlias = Mapping[str, Alignment | None]
"""The files that are not what they were, or new; None where more than the insides of functions differs."""


@dataclass(slots=True)
class _Stale:
    """What results may not have asked about. `is_all` says that none holds."""

    is_all: bool = False
    functions: set[int] = field(default_factory=set)
    models: set[int] = field(default_factory=set)
    names: set[str] | None = field(default_factory=set)


class Earlier:
    """The results of an earlier run, and those of this one as they come. Without `data`, or for another `key`, there are none of the first;
    without a key none of the latter are kept. `walked` counts the roots that had to be walked."""

    def __init__(self, data: bytes | None = None, key: str = "") -> None:
        self._key = key
        self._document = decoded(data, key)
        self._tables = Tables(self._document.tables if self._document else None)
        self._roots: dict[tuple[int, int, str], PackedRoot] = {}
        self._stale = _Stale(is_all=True)
        self._done: dict[tuple[int, int, str], PackedRoot] = {}
        self._edits: Edits = {}
        self._described: Described | None = None
        self._ahead: Mapping[FunctionId, RootResult] = {}
        self.walked = 0

    @property
    def digests(self) -> Mapping[str, str]:
        """The contents of the files for which there are results."""
        return self._document.digests if self._document else {}

    def edit(self, edits: Edits) -> None:
        """These files have changed since, and no others; to be told before anything else is asked. Without this no result holds."""
        if self._document is None:
            return
        self._edits = edits
        self._stale.is_all = False
        self._tables.move({file: found.ranges if found is not None else None for file, found in edits.items()})
        self._roots = {(root.function, root.model, root.context): root for root in self._document.roots}

    def compare(self, machine: Machine) -> None:
        """Find out what is different in the program that is to be walked now, users and all."""
        if self._document is None or self._stale.is_all:
            return
        before, stale = self._document.described, self._stale
        now = described(machine, self._tables, before.owned)
        if before.whole != now.whole or before.owned != now.owned:
            stale.is_all = True
            return
        outside = {file for file, found in self._edits.items() if found is None}
        outside |= {self._tables.cls(number).file for number in _different(before.classes, now.classes)}
        relying = relying_on(machine.program, outside) if outside else frozenset()
        edited = {file: found.changed for file, found in self._edits.items() if found is not None}
        stale.functions = _different(before.functions, now.functions)
        for number in range(len(self._tables.stored.functions)):
            function = self._tables.function(number)
            if function.file in relying or function.index in edited.get(function.file, ()):
                stale.functions.add(number)
        stale.models = _different(before.models, now.models)
        stale.names = None if outside else {name for found in self._edits.values() if found is not None for name in found.names}

    def get(self, key: RootKey, machine: Machine) -> RootResult | None:
        """The result of a root, if it holds."""
        number = self._number(key)
        root = self._roots.get(number)
        if root is None or not self._holds(root, machine):
            return self._take_ahead(key, machine)
        try:
            recorder = unpacked(msgspec.msgpack.decode(root.packed, type=Packed), self._tables)
        except Moved:
            return self._take_ahead(key, machine)
        self._done[number] = root
        return RootResult(recorder, Note(), root.exports, root.is_too_large)

    def outlook(self, order: Iterable[FunctionId]) -> dict[FunctionId, tuple[bool | None, bool]]:
        """What the results of roots say of them, `exports` and `is_too_large`, that hold if all functions hand out what they did."""
        found = ((function, self._roots.get(self._number((function, None, "")))) for function in order)
        return {function: (root.exports, root.is_too_large) for function, root in found if root is not None and self._is_untouched(root)}

    def ahead(self, results: Mapping[FunctionId, RootResult]) -> None:
        """Results of roots of this very program; they hold if functions hand out what they did when these were found."""
        self._ahead = results

    def _take_ahead(self, key: RootKey, machine: Machine) -> RootResult | None:
        function, model, _ = key
        result = self._ahead.get(function) if model is None else None
        if result is None:
            return None
        relevance, note = machine.relevance, result.note
        has_same = all(relevance.exports.get(asked, True) == answer for asked, answer in note.exports.items())
        if not has_same or any((asked in relevance.too_large) != answer for asked, answer in note.too_large.items()):
            return None
        self.put(key, result)
        return result

    def put(self, key: RootKey, result: RootResult) -> None:
        """The result of a root that was walked."""
        self.walked += 1
        if not self._key:
            return
        tables, note, number = self._tables, result.note, self._number(key)
        of = tables.number_of_function
        told = as_bytes(packed(result.recorder, tables))
        if told is None:
            return
        self._done[number] = PackedRoot(
            *number,
            result.exports,
            result.is_too_large,
            [of(function) for function in note.functions],
            [tables.number_of_class(model) for model in note.models],
            sorted(note.called),
            [of(function) for function, is_so in note.exports.items() if is_so],
            [of(function) for function, is_so in note.exports.items() if not is_so],
            [of(function) for function, is_so in note.too_large.items() if is_so],
            [of(function) for function, is_so in note.too_large.items() if not is_so],
            msgspec.Raw(told),
        )

    def finish(self, machine: Machine) -> None:
        """All roots are walked; to be told before the results are stored."""
        if self._key:
            owned = (self._document.described.owned if self._document else {}) | machine.handed.owners
            self._described = described(machine, self._tables, owned)

    def stored(self, digests: Mapping[str, str]) -> bytes | None:
        """All results that hold now, for files with these contents; None if nothing is new."""
        is_new = self.walked or self._edits or digests != self.digests or len(self._done) != len(self._roots)
        if self._described is None or not is_new:
            return None
        document = Document(self._key, dict(digests), self._tables.stored, self._described, list(self._done.values()))
        data = encoded(document)
        if data is None:
            return None
        document.base = self._document.base if self._document is not None and not self._stale.is_all else len(data)
        if len(data) > GROWTH * document.base:
            document = compacted(document)
            document.base = len(encoded(document) or b"")
        return encoded(document)

    def after(self, edits: Edits) -> Earlier:
        """These results for the program that comes of edits to it; they stay what they are themselves."""
        if self._described is None:
            return Earlier(None, self._key)
        document = Document(self._key, {}, self._tables.stored, self._described, list(self._done.values()))
        found = Earlier(encoded(document), self._key)  # what is moved there stays where it is here
        found.edit(edits)
        return found

    def _number(self, key: RootKey) -> tuple[int, int, str]:
        function, model, context = key
        return self._tables.number_of_function(function), -1 if model is None else self._tables.number_of_class(model), context

    def _holds(self, root: PackedRoot, machine: Machine) -> bool:
        tables, relevance = self._tables, machine.relevance
        if not self._is_untouched(root):
            return False
        exports = relevance.exports
        if not all(exports.get(tables.function(number), True) for number in root.exported):
            return False
        if any(exports.get(tables.function(number), True) for number in root.kept):
            return False
        large = {tables.number_of_function(function) for function in relevance.too_large}
        return large.issuperset(root.large) and large.isdisjoint(root.fit)

    def _is_untouched(self, root: PackedRoot) -> bool:
        """Whether nothing has been edited that a root looked at."""
        stale = self._stale
        if stale.is_all or not stale.functions.isdisjoint(root.functions) or not stale.models.isdisjoint(root.models):
            return False
        return not root.called or (stale.names is not None and stale.names.isdisjoint(root.called))


def _different(before: Mapping[int, str], now: Mapping[int, str]) -> set[int]:
    return {number for number in before.keys() | now.keys() if before.get(number) != now.get(number)}
