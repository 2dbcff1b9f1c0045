"""The story of a team that adopts a baseline, told on any application: its functions are edited as people edit them, and the command has to
tell what is new and what is fixed. Used by `tests/test_adoption.py` and `benchmarks/adoption.py`."""

from __future__ import annotations

import ast
import json
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

PADDING = 200
"""Lines, of which one in four is a statement: a function of too many is not walked to its end, and then nothing in its file is stale."""

MIXED = {"SES101", "SES406"}
"""Rules whose findings a change of one expression makes and mends."""

MARK = "# added"
BASELINE = "sessionlint-baseline.json"

Place = tuple[str, str, str]
"""Rule, file and function."""


@dataclass(frozen=True)
class Site:
    """A finding in a function: where it is, the statement around it, the function, and whether that stands in the module itself."""

    code: str
    file: str
    function: str
    row: int
    first_column: int
    last_column: int
    statement: ast.stmt
    body: list[ast.stmt]
    first_row: int
    last_row: int
    is_in_module: bool

    @property
    def place(self) -> Place:
        return self.code, self.file, self.function


@dataclass
class Edits:
    """What is done to the functions: `padded` get lines above their finding, `moved` go to the end of the file, in `mixed` the finding is
    fixed and the same statement written elsewhere."""

    padded: list[Site] = field(default_factory=list)
    moved: list[Site] = field(default_factory=list)
    mixed: list[Site] = field(default_factory=list)


@dataclass(frozen=True)
class Outcome:
    """What `check` said afterwards: new findings by rule, file and row; stale entries by rule, file and function."""

    new: Counter[tuple[str, str, int]]
    stale: Counter[Place]
    status: int


def sessionlint(root: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """The command, in the application's folder."""
    command = [sys.executable, "-m", "sessionlint", *arguments]
    return subprocess.run(command, cwd=root, capture_output=True, text=True, timeout=3000, check=False)


def findings(root: Path, *options: str) -> list[dict[str, Any]]:
    """What `check` reports."""
    return reported(sessionlint(root, "check", "--output-format", "json", *options))


def reported(done: subprocess.CompletedProcess[str]) -> list[dict[str, Any]]:
    """The findings that count, of a run's JSON."""
    assert done.returncode in {0, 1}, done.stderr
    return [one for one in json.loads(done.stdout) if one.get("baseline") != "unchanged" and not one.get("suppressed")]


def sites(root: Path, found: Sequence[dict[str, Any]]) -> Iterator[Site]:
    """The findings that are alone in their function, on one row of a statement of it."""
    places = Counter((one["filename"], one["function"]) for one in found)
    trees: dict[str, ast.Module] = {}
    for one in found:
        name, row = one["filename"], one["location"]["row"]
        is_plain = name.endswith(".py") and one["function"] and one["end_location"]["row"] == row
        if not is_plain or places[name, one["function"]] > 1:
            continue
        if name not in trees:
            trees[name] = ast.parse((root / name).read_text(encoding="utf-8"))
        tree = trees[name]
        around = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef) and node.lineno < row <= (node.end_lineno or 0)]
        inner = [node for node in around if node.name == one["function"].rpartition(".")[2]]
        if len(around) != 1 or not inner:
            continue
        function = inner[0]
        statements = [node for node in ast.walk(function) if isinstance(node, ast.stmt) and node.lineno <= row <= (node.end_lineno or 0)]
        statement = max(statements, key=lambda node: (node.lineno, node.col_offset))
        if statement.lineno != row:
            continue
        columns = one["location"]["column"] - 1, one["end_location"]["column"] - 1
        first = min([function.lineno, *(decorator.lineno for decorator in function.decorator_list)])
        is_in_module = function in tree.body
        yield Site(
            one["code"], name, one["function"], row, *columns, statement, function.body, first, function.end_lineno or 0, is_in_module
        )


def place_for_another(site: Site) -> ast.stmt | None:
    """The last simple statement of the function, in front of which the finding's own is to be written again; two others lie between."""
    inside = [node for top in site.body for node in ast.walk(top) if isinstance(node, ast.stmt) and not hasattr(node, "body")]
    behind = sorted({node.lineno: node for node in inside if node.lineno > site.row}.items())
    is_plain = isinstance(site.statement, ast.Assign) and site.statement.end_lineno == site.row
    return behind[-1][1] if is_plain and len(behind) > 2 else None


def chosen(candidates: Sequence[Site], number: int) -> Edits:
    """Up to `number` functions for each kind of edit, spread over the application."""
    taken: set[Place] = set()

    def some(able: list[Site]) -> list[Site]:
        free = [site for site in able if site.place not in taken]
        few = free[:: max(len(free) // number, 1)][:number]
        taken.update(site.place for site in few)
        return few

    mixed = some([site for site in candidates if site.code in MIXED and place_for_another(site) is not None])
    moved = some([site for site in candidates if site.is_in_module])
    return Edits(some(list(candidates)), moved, mixed)


def edit(root: Path, edits: Edits) -> None:
    """Change the files."""
    for name in sorted({site.file for site in (*edits.padded, *edits.moved, *edits.mixed)}):
        path = root / name
        lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
        if not lines[-1].endswith("\n"):
            lines[-1] += "\n"
        changes = [(site.first_row, _move, site) for site in edits.moved if site.file == name]
        changes += [(site.row, _pad, site) for site in edits.padded if site.file == name]
        changes += [(site.row, _mix, site) for site in edits.mixed if site.file == name]
        moved: list[str] = []
        for _, change, site in sorted(changes, key=lambda item: -item[0]):
            change(lines, site, moved)
        path.write_text("".join([*lines, *moved]), encoding="utf-8")


def _move(lines: list[str], site: Site, moved: list[str]) -> None:
    moved += ["\n\n", *lines[site.first_row - 1 : site.last_row]]
    del lines[site.first_row - 1 : site.last_row]


def _pad(lines: list[str], site: Site, moved: list[str]) -> None:
    indent = " " * site.statement.col_offset
    padding = [f"padding_{number} = {number}" if number % 4 == 0 else f"# padding {number}" for number in range(PADDING)]
    lines[site.row - 1 : site.row - 1] = [f"{indent}{line}\n" for line in padding]


def _mix(lines: list[str], site: Site, moved: list[str]) -> None:
    line, other = lines[site.row - 1], place_for_another(site)
    assert other is not None, "only such sites are mixed"
    again = [f"{' ' * other.col_offset}{line.strip().partition('  #')[0]}  {MARK}\n"]
    fixed = f"{line[: site.first_column]}fixed_here(){line[site.last_column :]}"
    rows = sorted([(site.row, [fixed], 1), (other.lineno, again, 0)], reverse=True)
    for row, new, replaced in rows:
        lines[row - 1 : row - 1 + replaced] = new


def expected(root: Path, edits: Edits) -> tuple[Counter[tuple[str, str, int]], Counter[Place]]:
    """What has to be new and what stale."""
    codes = {site.file: site.code for site in edits.mixed}
    new = Counter(
        (codes[name], name, row)
        for name in codes
        for row, line in enumerate((root / name).read_text(encoding="utf-8").splitlines(), 1)
        if line.endswith(MARK)
    )
    return new, Counter(site.place for site in edits.mixed)


def outcome(root: Path) -> Outcome:
    """What `check` says of the edited application."""
    done = sessionlint(root, "check", "--output-format", "json")
    found = reported(done)
    stale = Counter(_place(one["message"]) for one in found if one["code"] == "SES004")
    new = Counter((one["code"], one["filename"], one["location"]["row"]) for one in found if one["code"] != "SES004")
    return Outcome(new, stale, done.returncode)


def _place(message: str) -> Place:
    said = re.search(r"entry `(?P<code>\w+) (?P<file>\S+) in `(?P<function>[^`]+)`", message)
    assert said is not None, message
    return said["code"], said["file"], said["function"]
