"""Imports that edits need: names added to import statements that are there, or statements of their own. Entry points: `importing`,
`add_imports`."""

from __future__ import annotations

import re
from dataclasses import dataclass

from sessionlint.facts import ops
from sessionlint.link import External, FunctionId, ModuleSymbol, Program
from sessionlint.rewrite.codemod import Addition, NewImport, Refusal
from sessionlint.rewrite.edit import Insertion, LineEdits, Replacement


@dataclass(frozen=True, slots=True)
class Imported:
    """The expression by which a name is reached in a file, and what the file needs for it."""

    text: str
    imports: tuple[NewImport, ...] = ()
    additions: tuple[Addition, ...] = ()


def importing(program: Program, function: FunctionId, module: str, name: str) -> Imported | Refusal:
    """How `name` of `module` (a package's, or one of the program's own) is reached within a function, importing it if it has to be."""
    file = program.files[function.file]
    wanted = program.modules[module].bindings.get(name) if module in program.modules else External(f"{module}.{name}")
    statements = _statements(file.facts.functions[0].body)
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
    return _new_import(statements, module, name)


def _new_import(statements: list[ops.Import], module: str, name: str) -> Imported | Refusal:
    top = [statement for statement in statements if statement.at.column == 1]
    for statement in top:
        if statement.module == module and not statement.level and statement.names[0].name != "*":
            beside = statement.names[-1].bound
            return Imported(name, imports=(NewImport(statement.at.row, statement.at.end_row, beside, name),))
    if not top:
        return Refusal("no-import", f"the file imports nothing beside which `{name}` could be imported")
    package = module.partition(".")[0]
    related = [s for s in top if (s.module or s.names[0].name).partition(".")[0] == package and not s.level]
    return Imported(name, additions=(Addition((related or top)[-1].at.end_row + 1, (f"from {module} import {name}",)),))


def _statements(body: tuple[ops.Stmt, ...]) -> list[ops.Import]:
    """The imports that are made whenever the module is: not those for a type checker or of one branch."""
    return [statement for statement in body if isinstance(statement, ops.Import)]


def add_imports(wanted: list[NewImport], lines: tuple[str, ...]) -> LineEdits | None:
    """The edits that add the names to their import statements; None where the text is not as expected."""
    edits = LineEdits()
    for new in sorted(set(wanted), key=lambda n: (n.first, n.name)):
        pattern = re.compile(rf"\b{re.escape(new.beside)}\b(?!\s+as\b)|\b\w+\s+as\s+{re.escape(new.beside)}\b")
        found = None
        for row in range(new.last, new.first - 1, -1):
            matches = list(pattern.finditer(lines[row - 1].partition("#")[0]))
            if matches:
                found = row, matches[-1]
                break
        if found is None:
            return None
        row, match = found
        line = lines[row - 1]
        before, after = line[: match.start()], line[match.end() :]
        is_own_line = not before.strip() and any("(" in lines[r - 1] for r in range(new.first, row))
        if is_own_line and after.lstrip().startswith(","):
            edits.inserted.append(Insertion(row, f"{before}{new.name},", moves=False, behind=True))
        elif is_own_line and not after.strip().startswith(")"):
            edits.replaced.append(Replacement(row, match.end() + 1, row, match.end() + 1, ","))
            edits.inserted.append(Insertion(row, f"{before}{new.name}", moves=False, behind=True))
        else:
            edits.replaced.append(Replacement(row, match.end() + 1, row, match.end() + 1, f", {new.name}"))
    return edits
