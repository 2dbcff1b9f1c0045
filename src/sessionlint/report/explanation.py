"""The stories behind the findings on a line, each as a tree with lines of source, or as JSON. Entry point: `report_explanation`."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import TextIO

from rich.console import Console
from rich.text import Text
from rich.tree import Tree

from sessionlint.check import Assessed, RelatedLocation
from sessionlint.pipeline import Run
from sessionlint.report.findings.excerpt import excerpt
from sessionlint.report.printable import printable
from sessionlint.report.view import View
from sessionlint.source import Location

_CALL, _RETURN = "call", "return"
_LEAST_ROOM = 30
_STYLES = {"end": "yellow", "commit": "yellow", "rollback": "yellow", "expire": "yellow", "read": "red", "option": "green"}
_NEAREST = 3


def report_explanation(
    run: Run, place: Location, found: Sequence[Assessed], format: str, out: TextIO, *, width: int, colored: bool
) -> None:
    """Write what there is to say of `place`, a line (or a column of one, where its columns differ); `format` is `text` or `json`."""
    here = [each for each in found if _is_at(place, each.finding.at)]
    view = View((), run.files, run.sources, width=width, is_absolute=run.is_absolute)
    if format == "json":
        out.write(json.dumps([_fields(view, each) for each in here], indent=2) + "\n")
        return
    console = Console(
        file=out, width=width, highlight=False, force_terminal=colored, color_system="standard" if colored else None, no_color=not colored
    )
    for each in here:
        console.print(_tree(view, each))
        console.print()
    if not here:
        _say_nothing(console, view, place, found)


def _is_at(place: Location, at: Location) -> bool:
    wanted, range = place.range, at.range
    is_column = wanted.column == 0 or range.column <= wanted.column < max(range.end_column, range.column + 1) or range.end_row > range.row
    return place.file == at.file and wanted.row == range.row and is_column


# -- the tree ---------------------------------------------------------------------------------------------------------


def _tree(view: View, each: Assessed) -> Tree:
    finding = each.finding
    head = Text.assemble(
        (finding.code, "bold red"), (f" {finding.name}", "bold"), f"  {view.place(finding.at)}\n", printable(finding.message)
    )
    reasons = _unreported(each)
    for reason in reasons:
        head.append(f"\nnot reported: {reason}", "yellow")
    tree = Tree(head, guide_style="blue")
    branches = [tree]
    for step in finding.related or (RelatedLocation("read", finding.message, finding.at),):
        node = branches[-1].add(_step(view, step, depth=len(branches)))
        if step.role == _CALL:
            branches.append(node)
        elif step.role == _RETURN and len(branches) > 1:
            branches.pop()
    if finding.help:
        tree.add(Text.assemble(("help", "bold cyan"), f": {view.help(finding)}"))
    tree.add(Text(f"more: sessionlint rule {finding.code}", style="dim"))
    return tree


def _step(view: View, step: RelatedLocation, *, depth: int) -> Text:
    text = Text.assemble((step.role, _STYLES.get(step.role, "bold")), f"  {view.place(step.at)}\n", printable(step.message))
    room = max(view.width - 4 * depth - 10, _LEAST_ROOM)
    for line in excerpt(view, step.at, room=room)[:1]:
        gutter = f"{line.row} | "
        body = line.text.lstrip()
        text.append("\n").append(gutter, "blue").append(body)
        if line.caret is not None:
            offset, length = line.caret
            text.append("\n" + " " * (len(gutter) + offset - (len(line.text) - len(body))) + "^" * length, "bold red")
    return text


def _unreported(each: Assessed) -> list[str]:
    found = []
    if not each.is_selected:
        found.append(f"{each.finding.code} is not selected (`--extend-select {each.finding.code}`)")
    if each.is_ignored:
        found.append("`per-file-ignores` spares this file")
    if each.suppression is not None:
        because = f" ({each.suppression.reason})" if each.suppression.reason else ""
        found.append(f"the comment in line {each.suppression.at.row} silences it{because}")
    if each.is_outdone:
        found.append("another finding at this place says more")
    if each.is_known:
        found.append("it is in the baseline")
    return found


# -- where there is nothing -------------------------------------------------------------------------------------------


def _say_nothing(console: Console, view: View, place: Location, found: Sequence[Assessed]) -> None:
    shown = f"{printable(view.filename(place.file))}:{place.range.row}"
    console.print(Text(f"{shown}: no finding here" + (f" at column {place.range.column}" if place.range.column else "")))
    parts = [
        each for each in found if any(step.at.file == place.file and step.at.range.row == place.range.row for step in each.finding.related)
    ]
    if parts:
        console.print(Text("It is part of the story of"))
        _list(console, view, parts)
        return
    near = sorted(
        (each for each in found if each.finding.at.file == place.file), key=lambda each: abs(each.finding.at.range.row - place.range.row)
    )
    if near:
        console.print(Text("The nearest in this file"))
        _list(console, view, near[:_NEAREST])


def _list(console: Console, view: View, found: Sequence[Assessed]) -> None:
    for each in found:
        note = "" if each.is_reported else " (not reported)"
        said = f"  {view.place(each.finding.at)}: {each.finding.code} {printable(each.finding.message)}{note}"
        console.print(Text(said), soft_wrap=True)


# -- JSON -------------------------------------------------------------------------------------------------------------


def _fields(view: View, each: Assessed) -> dict[str, object]:
    finding = each.finding
    return {
        "code": finding.code,
        "name": finding.name,
        "message": finding.message,
        **_place(view, finding.at),
        "function": finding.qualname or None,
        "help": view.help(finding) or None,
        "reported": each.is_reported,
        "not_reported": _unreported(each),
        "story": [{"role": step.role, "message": step.message, **_place(view, step.at)} for step in finding.related],
    }


def _place(view: View, at: Location) -> dict[str, object]:
    return {
        "filename": view.filename(at.file),
        "location": {"row": at.range.row, "column": at.range.column},
        "end_location": {"row": at.range.end_row, "column": at.range.end_column},
        "source": view.line(at.file, at.range.row).strip() or None,
    }
