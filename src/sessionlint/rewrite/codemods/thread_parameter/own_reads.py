"""How a caller may read from `session_state` what a function is to be given. Entry point: `OwnReads`."""

from __future__ import annotations

from functools import cached_property

from sessionlint.facts import ops
from sessionlint.link import FunctionId
from sessionlint.rewrite.codemods.thread_parameter.accesses import Access
from sessionlint.rewrite.codemods.thread_parameter.kept import Kept
from sessionlint.rewrite.codemods.thread_parameter.places import end
from sessionlint.rewrite.reading.walk import Node, children, walk


class OwnReads:
    """The reads of one key, looked at from the callers: a read there must not fail where the function would not have read at all."""

    def __init__(self, kept: Kept, reads: list[Access]) -> None:
        self._kept, self._reads = kept, reads

    def of(self, function: FunctionId) -> Access | None:
        """How a caller may read the key for the function: as it would be read there, if it certainly is. None where that is not certain."""
        certain = self._certain_reads(function, frozenset())
        strict = [access for access in certain if access.is_strict]
        if strict:
            return strict[0]
        everything = self._reads_below(function, set())
        otherwise = {id(access.otherwise) if access.otherwise is access else access.otherwise for access in everything}
        is_same = len(otherwise) == 1 and not any(access.is_strict or access.otherwise is access for access in everything)
        return everything[0] if is_same else None

    def _certain_reads(self, function: FunctionId, seen: frozenset[FunctionId]) -> list[Access]:
        """The reads that every call of the function makes, in the function itself or in what it calls."""
        if function in seen:
            return []
        places = self._kept.places(function)
        found = [
            a
            for a in self._reads
            if a.function == function and places.is_unconditional(a.statement) and self._is_evaluated(a) and not self._stops(function, a)
        ]
        for callee in self._reading_callees(function):
            for site in self._kept.references.sites(callee):
                statement = places.statement_of(site.call) if site.caller == function else None
                if statement is not None and places.is_unconditional(statement) and not self._stops(function, site.call):
                    found += self._certain_reads(callee, seen | {function})
        return found

    def _is_evaluated(self, access: Access) -> bool:
        """Whether the statement evaluates the read whatever else is in it."""
        for node in walk(access.statement):
            parts: list[Node] = list(children(node)) if isinstance(node, ops.Comprehension) else list(children(node))[1:]
            if isinstance(node, ops.BoolOp | ops.Conditional | ops.Comprehension) and any(n is access.state for n in walk(*parts)):
                return False
        return True

    def _stops(self, function: FunctionId, node: Access | ops.Call) -> bool:
        """Whether the run of the page may be ended before."""
        places = self._kept.places(function)
        statement = node.statement if isinstance(node, Access) else places.statement_of(node)
        if statement is None:
            return True
        for earlier in places.between(None, statement, end(node.at)):
            for call in self._kept.references.calls.get(function, []):
                if places.statement_of(call) is earlier and call is not node:
                    callees = self._kept.references.callees(function, call)
                    if self._kept.is_stop(function, call) or any(self._kept.may_stop(callee) for callee in callees):
                        return True
        return False

    def _reads_below(self, function: FunctionId, seen: set[FunctionId]) -> list[Access]:
        if function in seen:
            return []
        seen.add(function)
        found = [access for access in self._reads if access.function == function]
        for callee in self._reading_callees(function):
            found += self._reads_below(callee, seen)
        return found

    def _reading_callees(self, function: FunctionId) -> list[FunctionId]:
        return [f for f in self._reading if any(site.caller == function for site in self._kept.references.sites(f))]

    @cached_property
    def _reading(self) -> list[FunctionId]:
        """The functions that read the key, and those that call such."""
        found: dict[FunctionId, None] = {}
        pending = [access.function for access in self._reads]
        while pending:
            function = pending.pop()
            if function not in found:
                found[function] = None
                pending += [site.caller for site in self._kept.references.sites(function)]
        return list(found)
