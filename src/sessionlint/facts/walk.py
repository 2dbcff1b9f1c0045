"""Walks over operations. Entry point: `statements`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from sessionlint.facts import ops


def statements(body: Iterable[ops.Stmt]) -> Iterator[ops.Stmt]:
    """All statements of a body, nested blocks included, functions and classes not."""
    for item in body:
        yield item
        match item:
            case ops.If() | ops.While() | ops.For():
                yield from statements(item.body)
                yield from statements(item.orelse)
            case ops.With():
                yield from statements(item.body)
            case ops.Try():
                for part in (item.body, *(handler.body for handler in item.handlers), item.orelse, item.finalbody):
                    yield from statements(part)
            case ops.Match():
                for case in item.cases:
                    yield from statements(case.body)
            case _:
                pass
