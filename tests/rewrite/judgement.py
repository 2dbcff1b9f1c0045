"""What a codemod did to a case that `case.toml` does not allow. Every function answers with what is wrong, nothing if all is well."""

from __future__ import annotations

import ast
import difflib
import re
from collections.abc import Iterator
from fnmatch import fnmatchcase
from typing import Any, NamedTuple

from tests.rewrite.case_format import Case
from tests.rewrite.sites import Files, covers, decoded, definitions, enclosing, lines_of, text_at

_PLACE = re.compile(r"(?P<file>[^\s:]+\.py):(?P<row>\d+)")
_LEFT = re.compile(rf"^{_PLACE.pattern} ", re.M)


class Reported(NamedTuple):
    """A finding: its code and the function that it is in."""

    code: str
    file: str
    function: str


def _at(entries: list[str]) -> list[tuple[str, str]]:
    return [(code, site) for code, _, site in (entry.partition(" ") for entry in entries)]


def behaviour(case: Case, before: dict[str, Any], after: dict[str, Any]) -> Iterator[str]:
    """The program does what it did, or no longer shows the misuse."""
    if case.fixes:
        wanted = {"outcome": "ok", "checkedout": 0, "stdout": case.stdout_after.strip("\n")}
    else:
        wanted = before
    for key in wanted:
        if after[key] != wanted[key]:
            yield f"{key}: {wanted[key]!r} became {after[key]!r} ({after['error']})"


def removed(case: Case, before: list[Reported], after: list[Reported]) -> Iterator[str]:
    """The findings are gone, apart from those that may or have to stay."""
    for code in case.removes:
        if all(found.code != code for found in before):
            yield f"{code} was not reported before"
    may_stay = _at(case.keeps)
    for found in after:
        if found.code in case.removes and not any(code == found.code and covers(site, *found[1:]) for code, site in may_stay):
            yield f"{found.code} is still reported at {found.file}::{found.function}"
    for code, site in _at(case.reported):
        if not any(found.code == code and covers(site, *found[1:]) for found in after):
            yield f"{code} is no longer reported at {site}"


def explained(case: Case, before: Files, after: Files, said: str) -> Iterator[str]:
    """What was left is named with its place; `migrate` names nothing that the case does not expect to stay."""
    # `check` tells of the files as it leaves them, `migrate` of those that it found
    named = _functions(_PLACE, before if case.command.startswith("migrate") else after, said)
    for site in case.explains:
        if text_at(before, site) == text_at(after, site) and not any(covers(site, *place) for place in named):
            yield f"{site} was left without a word"
    if not case.command.startswith("migrate"):  # `check` names every finding that is left
        return
    expected = [*case.explains, *(site for _, site in _at(case.keeps))]
    for file, function in sorted(_functions(_LEFT, before, said)):
        if not any(covers(site, file, function) for site in expected):
            yield f"{file}::{function} was left"


def _functions(place: re.Pattern[str], files: Files, said: str) -> set[tuple[str, str]]:
    """The functions whose places are in the output, which may show files with the way to the project in front."""
    found = set()
    for match in place.finditer(said):
        name = max((name for name in files if f"/{match['file']}".endswith(f"/{name}")), key=len, default="")
        if name:
            found.add((name, enclosing(files[name], int(match["row"]))))
    return found


def preserved(case: Case, before: Files, after: Files) -> Iterator[str]:
    """Nothing changed but what may change."""
    old, new = ("\n".join(decoded(files[name]) for name in files if name.endswith(".py")) for files in (before, after))
    for text in case.preserve:
        if text not in old or new.count(text) < old.count(text):
            yield f"lost {text!r}"
    for site in case.untouched:
        if text_at(before, site) is None or text_at(before, site) != text_at(after, site):
            yield f"{site} was to stay as it was"
    if before.keys() != after.keys():
        yield f"other files: {sorted(before.keys() ^ after.keys())}"
    for file in before.keys() & after.keys():
        if any(new and not old for old, new in zip(_endings(before[file]), _endings(after[file]), strict=True)):
            yield f"{file}: other line endings"
        if case.touches:
            yield from _strays(case, file, before[file], after[file])


def _endings(source: bytes) -> tuple[int, int]:
    windows = source.count(b"\r\n")
    return windows, source.count(b"\n") - windows


def _strays(case: Case, file: str, before: bytes, after: bytes) -> Iterator[str]:
    """Lines that changed although no site of `touches` has them."""
    if before == after or any(fnmatchcase(file, site) for site in case.touches):
        return
    if not file.endswith(".py"):
        yield f"{file}: changed"
        return
    known = {found.name for found in definitions(before)}
    new = {found.name for found in definitions(after)} - known if file in case.adds else set()
    old_lines, new_lines = _others(case, file, before, set()), _others(case, file, after, new)
    for line in difflib.ndiff(old_lines, new_lines):
        if line[0] in "+-":
            yield f"{file}: {line}"


def _others(case: Case, file: str, source: bytes, new: set[str]) -> list[str]:
    """The lines of a file without empty ones, its imports and the sites that may change."""
    if any("::" not in site and covers(site, file, "") for site in case.touches):
        return []
    out: set[int] = set()
    for found in definitions(source):
        if any(covers(site, file, found.name) for site in case.touches) or found.name in new:
            out.update(range(found.first, found.last + 1))
    for node in _imports(ast.parse(source).body):
        out.update(range(node.lineno, (node.end_lineno or node.lineno) + 1))
    lines = enumerate(lines_of(source), 1)
    return [repr(line) for row, line in lines if row not in out and line.strip()]


def _imports(body: list[ast.stmt]) -> Iterator[ast.stmt]:
    for node in body:
        if isinstance(node, (ast.Import, ast.ImportFrom)):
            yield node
        elif isinstance(node, (ast.If, ast.Try)):
            yield from _imports([*node.body, *node.orelse])


def shape(case: Case, after: Files) -> Iterator[str]:
    """The patterns, in multi-line mode."""
    for table, wanted in ((case.must_contain, True), (case.must_not_contain, False)):
        for site, patterns in table.items():
            for pattern in patterns:
                if (re.search(pattern, text_at(after, site) or "", re.M) is not None) is not wanted:
                    yield f"{site} {'lacks' if wanted else 'has'} {pattern!r}"
