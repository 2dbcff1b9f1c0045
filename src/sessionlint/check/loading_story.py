"""What a history does not say of a read that loads: the option that was missing, the declaration, what expired it. Entry points: `told`,
`missing_option`, `with_loads`, `expired_by`."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from sessionlint.check.finding import Finding, RelatedLocation
from sessionlint.check.loader_option import loader_option, missing_loads
from sessionlint.link import Program
from sessionlint.solve.events import AttributeRead
from sessionlint.source import Location

_EXPIRING = frozenset({"commit", "rollback", "expire"})


def told(finding: Finding, program: Program, read: AttributeRead) -> Finding:
    """The finding with which options were missing, and where the attribute is declared."""
    steps = list(finding.related)
    option, query = loader_option(program, read), read.history.first("query")
    if option and query is not None:
        steps.insert(_after(steps, "query"), RelatedLocation("option", f"`{option}` here would have loaded it", query.at))
    attribute = program.models[read.model].attributes.get(read.attribute)
    if attribute is not None:
        lazy = f'`lazy="{attribute.lazy or "select"}"`'
        how = f"is a relationship with {lazy}" if attribute.kind == "relationship" else "is a column that this query left out"
        steps.insert(_after(steps, "end"), RelatedLocation("relationship", f"`{read.path}` {how}", attribute.at))
    return with_loads(msgspec.structs.replace(finding, related=tuple(steps)), program, [read])


def with_loads(finding: Finding, program: Program, reads: Iterable[AttributeRead]) -> Finding:
    """The finding with what the queries lack for all that is read there."""
    found = [missing_loads(program, read) for read in reads]
    loads = {load for some in found for load in some}
    return msgspec.structs.replace(finding, loads=tuple(sorted(loads)), is_beyond_options=not all(found))


def _after(steps: list[RelatedLocation], role: str) -> int:
    """The position after the last step of `role`, else before the last one."""
    return max((position + 1 for position, step in enumerate(steps) if step.role == role), default=len(steps) - 1)


def expired_by(read: AttributeRead) -> str:
    """What expired the instance: `commit`, `rollback` or `expire` (which a flush does to what the database makes up)."""
    return next((step.role for step in reversed(read.history.steps()) if step.role in _EXPIRING), "expire")


def missing_option(program: Program, read: AttributeRead) -> tuple[str, Location | None]:
    """The loader option that was missing, and the query it belongs to."""
    option, query = loader_option(program, read), read.history.first("query")
    return (option, query.at) if option and query is not None else ("", None)
