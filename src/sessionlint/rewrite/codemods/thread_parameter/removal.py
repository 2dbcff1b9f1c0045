"""Statements that go, without leaving an empty block behind or taking a comment along, and entries of
`update()`. Entry points: `remove`, `without`."""

from __future__ import annotations

import re
from collections.abc import Sequence

from sessionlint.facts import ops
from sessionlint.facts.ops import Stmt
from sessionlint.rewrite.codemods.thread_parameter.accesses import Access
from sessionlint.rewrite.codemods.thread_parameter.places import Places
from sessionlint.rewrite.edit import LineEdits, Replacement
from sessionlint.source import Range

_DIRECTIVE = re.compile(r"#\s*(noqa|type:\s*ignore|pyright:|pylint:|sessionlint:)", re.I)
"""Comments to a tool about the statement, which go with it."""


def remove(edits: LineEdits, lines: Sequence[str], places: Places, removed: Sequence[Stmt]) -> None:
    """Add to `edits` what takes the statements of one function away; a block that would be empty gets a `pass`."""
    gone = {id(statement) for statement in removed}
    for statement in removed:
        suite = places.suite_of(statement)
        is_emptied = all(id(other) in gone for other in suite.statements)
        is_first = suite.statements[0] is statement
        if (is_emptied and is_first) or not _removed(edits, lines, statement):
            edits.replaced.append(Replacement.of(statement.at, "pass"))
        elif is_first and not is_emptied and statement.at.end_row < len(lines) and not lines[statement.at.end_row].strip():
            edits.delete(statement.at.end_row + 1, statement.at.end_row + 1)


def _removed(edits: LineEdits, lines: Sequence[str], statement: Stmt) -> bool:
    """Whether the statement has its lines to itself, which then go, but for a comment."""
    at = statement.at
    before, after = lines[at.row - 1][: at.column - 1], lines[at.end_row - 1][at.end_column - 1 :].strip()
    if before.strip() or (after and not after.startswith("#")):
        return False
    if after and not _DIRECTIVE.match(after):
        column = lines[at.end_row - 1].index("#", at.end_column - 1) + 1
        edits.replaced.append(Replacement(at.row, at.column, at.end_row, column, ""))
    else:
        edits.delete(at.row, at.end_row)
    return True


def entry(call: ops.Call, access: Access) -> tuple[int, int] | None:
    """Which argument of `update()` an access is, and which entry of it, if that is a dictionary (else -1); None if it is the only one."""
    arguments: list[ops.Expr] = [*call.args, *(keyword.value for keyword in call.keywords)]
    for position, argument in enumerate(arguments):
        if argument is access.value:
            return (position, -1) if len(arguments) > 1 else None
        if isinstance(argument, ops.DictDisplay):
            for index, value in enumerate(argument.values):
                if value is access.value and len(argument.values) > 1:
                    return position, index
                if value is access.value:
                    return (position, -1) if len(arguments) > 1 else None
    return None


def without(lines: Sequence[str], call: ops.Call, position: int, index: int) -> list[Range]:
    """What has to go from a call of `update()` for an argument, or an entry of the dictionary that it is, to be gone."""
    if index < 0:
        keywords = [_from_name(lines, keyword) for keyword in call.keywords]
        places = [*(argument.at for argument in call.args), *keywords]
        return [_listed(places, position)]
    shown = call.args[position]
    assert isinstance(shown, ops.DictDisplay)
    pairs = zip(shown.keys, shown.values, strict=True)
    places = [_span(key.at if key is not None else value.at, value.at) for key, value in pairs]
    return [_listed(places, index)]


def _from_name(lines: Sequence[str], keyword: ops.Keyword) -> Range:
    at = keyword.value.at
    name = keyword.name or "**"
    column = lines[at.row - 1].rfind(name, 0, at.column - 1) + 1
    return Range(at.row, column or at.column, at.end_row, at.end_column)


def _span(first: Range, last: Range) -> Range:
    return Range(first.row, first.column, last.end_row, last.end_column)


def _listed(places: Sequence[Range], index: int) -> Range:
    """The place of one of several with the comma that parts it from the next, or from the one before."""
    here = places[index]
    if index + 1 < len(places):
        following = places[index + 1]
        return Range(here.row, here.column, following.row, following.column)
    before = places[index - 1]
    return Range(before.end_row, before.end_column, here.end_row, here.end_column)
