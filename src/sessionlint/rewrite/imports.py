"""Imports that edits need: names added to import statements that are there, or statements of their own. Entry points: `importing`,
`add_imports`."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable
from dataclasses import dataclass

from sessionlint.facts import ops
from sessionlint.link import External, FunctionId, Module, ModuleSymbol, Program
from sessionlint.rewrite.codemod import Addition, NewImport, Refusal
from sessionlint.rewrite.edit import Insertion, LineEdits, Replacement

_TWO_LINES: tuple[str, ...] = ("", "")

_FROM = re.compile(r"(\s*from \S+ import )(\w+)")


@dataclass(frozen=True, slots=True)
class Imported:
    """The expression by which a name is reached in a file, and what the file needs for it."""

    text: str
    imports: tuple[NewImport, ...] = ()
    additions: tuple[Addition, ...] = ()


def importing(program: Program, function: FunctionId, module: str, name: str, before: int = sys.maxsize) -> Imported | Refusal:
    """How `name` of `module` (a package's, or one of the program's own) is reached within a function, importing it if it has to be.

    Imports below the function, or the row `before`, do not count: they are there for others, and too late for annotations and decorators.
    """
    file = program.files[function.file]
    before = min(before, _outermost(file, function.index))
    wanted = program.modules[module].bindings.get(name) if module in program.modules else External(f"{module}.{name}")
    statements = [statement for statement in _statements(file.facts.functions[0].body) if statement.at.end_row < before]
    bound = {item.bound for statement in statements for item in statement.names}
    for alias in sorted(bound, key=lambda alias: (alias != name, alias)):
        symbol = program.lookup(function, alias)
        if symbol is None or symbol != file.bindings.get(alias):
            continue
        if symbol == wanted:
            return Imported(alias)
        if symbol == External(module) or (isinstance(symbol, ModuleSymbol) and symbol.name == module):
            return Imported(f"{alias}.{name}")
    if name in file.bindings or any(name in facts.names for facts in file.facts.functions):
        return Refusal("name-taken", f"the name `{name}` already stands for something else here")
    return _new_import(file, statements, module, name)


def _outermost(file: Module, index: int) -> int:
    """The row on which the statement of the module begins that a function is defined in."""
    row = sys.maxsize
    while index > 0:
        facts = file.facts.functions[index]
        row, owner, index = facts.span.row, facts.owner, facts.parent
        while owner >= 0:
            outer = file.facts.classes[owner]
            row, owner, index = outer.span.row, outer.owner, outer.parent
    return row


def _new_import(file: Module, statements: list[ops.Import], module: str, name: str) -> Imported | Refusal:
    top = [statement for statement in statements if statement.at.column == 1]
    for statement in top:
        if statement.module == module and not statement.level and statement.names[0].name != "*":
            return Imported(name, imports=(beside(statement, name),))
    if not top:
        return _first_import(file, f"from {module} import {name}")
    package = module.partition(".")[0]
    related = [s for s in top if (s.module or s.names[0].name).partition(".")[0] == package and not s.level]
    return Imported(name, additions=(Addition((related or top)[-1].at.end_row + 1, (f"from {module} import {name}",)),))


def _first_import(file: Module, line: str) -> Imported | Refusal:
    """The import in front of the first statement of a file that imports nothing."""
    name = line.rpartition(" ")[2]
    match file.facts.functions[0].body[:1]:
        case (ops.FunctionDef(function=index),):
            row, gap = file.facts.functions[index].span.row, _TWO_LINES
        case (ops.ClassDef(class_index=index),):
            row, gap = file.facts.classes[index].span.row, _TWO_LINES
        case (statement,) if statement.at.column == 1:
            row, gap = statement.at.row, _TWO_LINES[:1]
        case _:
            return Refusal("no-import", f"the file has no place at which `{name}` could be imported")
    return Imported(name, additions=(Addition(row, (line, *gap)),))


def beside(statement: ops.Import, name: str) -> NewImport:
    """`name` among the names of a `from` import: where it belongs if they are in order, else at the end."""
    names = [item.name for item in statement.names]
    first, last = statement.at.row, statement.at.end_row
    for order in (_by_kind, str.casefold):
        if names == sorted(names, key=order):
            before = [item for item in statement.names if order(item.name) < order(name)]
            anchor = before[-1] if before else statement.names[0]
            return NewImport(first, last, anchor.bound, name, in_front=not before)
    return NewImport(first, last, statement.names[-1].bound, name)


def _by_kind(name: str) -> str:
    """The order of isort and ruff: constants, classes, everything else."""
    kind = 0 if name.isupper() and len(name) > 1 else 1 if name[:1].isupper() else 2
    return f"{kind}{name}"


def _statements(body: tuple[ops.Stmt, ...]) -> list[ops.Import]:
    """The imports that are made whenever the module is: not those for a type checker or of one branch."""
    return [statement for statement in body if isinstance(statement, ops.Import)]


def add_imports(wanted: list[NewImport], lines: tuple[str, ...]) -> LineEdits | None:
    """The edits that add the names to their import statements; None where the text is not as expected."""
    edits = LineEdits()
    places: dict[tuple[int, int, str, bool], list[str]] = {}
    for new in sorted(set(wanted), key=lambda n: (n.first, n.name)):
        places.setdefault((new.first, new.last, new.beside, new.in_front), []).append(new.name)
    for (first, last, bound, in_front), names in places.items():
        found = _last_mention(bound, first, last, lines)
        if found is None:
            return None
        row, match = found
        before, after = lines[row - 1][: match.start()], lines[row - 1][match.end() :]
        is_own_line = not before.strip() and any("(" in lines[r - 1] for r in range(first, row))
        if in_front and is_own_line:
            edits.inserted += [Insertion(row, f"{before}{name},") for name in names]
            continue
        if in_front:
            edits.replaced.append(Replacement(row, match.start() + 1, row, match.start() + 1, "".join(f"{name}, " for name in names)))
            continue
        if not is_own_line or after.strip().startswith(")"):
            edits.replaced.append(Replacement(row, match.end() + 1, row, match.end() + 1, "".join(f", {name}" for name in names)))
            continue
        is_last = not after.lstrip().startswith(",")
        if is_last:
            edits.replaced.append(Replacement(row, match.end() + 1, row, match.end() + 1, ","))
        for name in names:
            comma = "" if is_last and name == names[-1] else ","
            edits.inserted.append(Insertion(row, f"{before}{name}{comma}", moves=False, behind=True))
    return edits


def merged(additions: Iterable[Addition]) -> list[Addition]:
    """The additions in order, with one import for what several take from one module at one place."""
    found: list[Addition] = []
    names: dict[tuple[int, str, tuple[str, ...]], list[str]] = {}
    for addition in sorted(additions, key=lambda a: (a.row, a.lines)):
        match = _FROM.fullmatch(addition.lines[0])
        if match is None:
            found.append(addition)
        else:
            names.setdefault((addition.row, match[1], addition.lines[1:]), []).append(match[2])
    found += [Addition(row, (f"{head}{', '.join(sorted(set(some)))}", *rest)) for (row, head, rest), some in names.items()]
    return sorted(found, key=lambda a: (a.row, a.lines))


def _last_mention(bound: str, first: int, last: int, lines: tuple[str, ...]) -> tuple[int, re.Match[str]] | None:
    """Where an import statement on these rows binds a name."""
    pattern = re.compile(rf"\b{re.escape(bound)}\b(?!\s+as\b)|\b\w+\s+as\s+{re.escape(bound)}\b")
    for row in range(last, first - 1, -1):
        matches = list(pattern.finditer(lines[row - 1].partition("#")[0]))
        if matches:
            return row, matches[-1]
    return None
