"""How a model or a loader is written at the place of a query, and what has to be imported for it. Entry point: `Naming`."""

from __future__ import annotations

import sys
from collections.abc import Iterator

from sessionlint.facts import ops
from sessionlint.link import ClassId, ClassSymbol, External, FunctionId, Module, Program, Symbol
from sessionlint.rewrite.codemod import Addition, Refusal
from sessionlint.rewrite.imports import Imported, beside, importing

ORM = "sqlalchemy.orm"


class Naming:
    """The names that are known in one function, on one row of it."""

    def __init__(self, program: Program, lines: tuple[str, ...], function: FunctionId, row: int) -> None:
        self.program, self.lines, self.function, self.row = program, lines, function, row
        self.module: Module = program.files[function.file]
        self._before = sys.maxsize if function.index else row

    def loader(self, name: str) -> Imported | Refusal:
        """A function of `sqlalchemy.orm`."""
        for bound, symbol in self._imported():
            if symbol == External(f"{ORM}.{name}"):
                return Imported(bound)
            if symbol == External(ORM):
                return Imported(f"{bound}.{name}")
        for bound, symbol in self._imported():
            if symbol == External("sqlalchemy") and any(f"{bound}.orm." in line for line in self.lines):
                return Imported(f"{bound}.orm.{name}")
        return importing(self.program, self.function, ORM, name, self._before)

    def model(self, wanted: ClassId, like: ops.Expr | None) -> Imported | Refusal:
        """A class of the program; `like` is how another one is written there."""
        name, symbol = self.program.models[wanted].name, ClassSymbol(wanted)
        if like is not None and self.program.resolve(self.function, like) == symbol and (text := _dotted(like)):
            return Imported(text)
        if isinstance(like, ops.Attribute):
            other = ops.Attribute(like.at, like.value, name, like.name_at)
            if self.program.resolve(self.function, other) == symbol and (prefix := _dotted(like.value)):
                return Imported(f"{prefix}.{name}")
        for bound, known in self._imported():
            if known == symbol:
                return Imported(bound)
        if self._is_defined(name) and self.program.lookup(self.function, name) == symbol:
            return Imported(name)
        facts = self.program.class_(wanted)
        if facts.owner >= 0 or facts.parent >= 0:
            return Refusal("not-importable", f"`{name}` cannot be imported: it is defined within something else")
        return self._import(name, wanted)

    def _imported(self) -> Iterator[tuple[str, Symbol]]:
        """The names that imports have bound by then, with their meaning: those of the function, then those of the module."""
        for function in self._around():
            for statement in self.program.function(function).body:
                if isinstance(statement, ops.Import) and (statement.at.row < self.row or function.index != self.function.index):
                    for item in statement.names:
                        symbol = self.program.lookup(self.function, item.bound)
                        if symbol is not None:
                            yield item.bound, symbol

    def _around(self) -> Iterator[FunctionId]:
        """The function and those around it, the module's body last."""
        here = self.function
        while here.index > 0:
            yield here
            here = FunctionId(here.file, max(self.program.function(here).parent, 0))
        yield here

    def _is_defined(self, name: str) -> bool:
        """Whether the module's body defines a class of that name, before the query is made."""
        for statement in self.module.facts.functions[0].body:
            if isinstance(statement, ops.ClassDef) and self.module.facts.classes[statement.class_index].name == name:
                return self.function.index > 0 or statement.at.row < self.row
        return False

    def _import(self, name: str, wanted: ClassId) -> Imported | Refusal:
        """The import that is to be made: beside one from the same module, by itself, or in the function where it would be circular."""
        symbol = ClassSymbol(wanted)
        if self.module.bindings.get(name, symbol) != symbol or any(name in facts.names for facts in self.module.facts.functions[1:]):
            return Refusal("name-taken", f"the name `{name}` already stands for something else there")
        statement = self._source(name, symbol)
        if statement is not None:
            text = "." * statement.level + (statement.module or "")
            target = self.program.names.finder.find(self.function.file, statement.module or "", statement.level)[0]
        else:
            target = text = self.program.files[wanted.file].source.module
            if not target or self.program.member(target, name) != symbol:
                return Refusal("not-importable", f"`{name}` cannot be imported from the module that defines it")
        if self._is_circular(target):
            return self._within(f"from {text} import {name}", name)
        if statement is not None:
            return Imported(name, imports=(beside(statement, name),))
        if name in self.module.bindings:
            return self._within(f"from {text} import {name}", name)
        return importing(self.program, self.function, target, name, self._before)

    def _source(self, name: str, symbol: Symbol) -> ops.Import | None:
        """An import statement whose module has the class too."""
        finder = self.program.names.finder
        for statement in self.module.facts.functions[0].body:
            if isinstance(statement, ops.Import) and statement.at.column == 1 and (statement.module is not None or statement.level):
                target, is_ours = finder.find(self.function.file, statement.module or "", statement.level)
                if is_ours and statement.names[0].name != "*" and self.program.member(target, name) == symbol:
                    return statement
        return None

    def _within(self, line: str, name: str) -> Imported | Refusal:
        """An import in the function that makes the query."""
        facts = self.program.function(self.function)
        first = next(iter(facts.body), None)
        if self.function.index == 0 or first is None or first.at.row <= facts.at.end_row or facts.name == "<lambda>":
            return Refusal("circular-import", f"`{name}` cannot be imported: its module imports this one")
        row, column = first.at.row, first.at.column
        if isinstance(first, ops.FunctionDef):
            row = self.module.facts.functions[first.function].span.row
        for statement in facts.body:
            if not isinstance(statement, ops.Import):
                break
            row = statement.at.end_row + 1
        indentation = self.lines[first.at.row - 1][: column - 1]
        return Imported(name, additions=(Addition(row, (indentation + line,)),))

    def _is_circular(self, target: str) -> bool:
        """Whether importing a module takes importing this one first."""
        seen: set[str] = set()
        pending = list(self._files(target))
        while pending:
            file = pending.pop()
            if file == self.function.file:
                return True
            if file not in seen:
                seen.add(file)
                pending += self._imports_of(file)
        return False

    def _imports_of(self, file: str) -> Iterator[str]:
        """The files that importing a file imports."""
        finder = self.program.names.finder
        for statement in _at_import(self.program.files[file].facts.functions[0].body):
            for item in statement.names:
                module = statement.module if statement.module is not None or statement.level else item.name
                target, is_ours = finder.find(file, module or "", statement.level)
                if is_ours:
                    yield from self._files(target)
                    yield from self._files(f"{target}.{item.name}")

    def _files(self, module: str) -> Iterator[str]:
        """The file of a module and those of the packages around it that are not being imported already."""
        own = self.module.source.module.split(".")
        parts = module.split(".")
        for length in range(1, len(parts) + 1):
            file = self.program.names.finder.file_of.get(".".join(parts[:length]))
            if file is not None and (length == len(parts) or parts[:length] != own[:length]):
                yield file


def _at_import(body: tuple[ops.Stmt, ...]) -> Iterator[ops.Import]:
    """The imports that are made when a module is imported."""
    for statement in body:
        match statement:
            case ops.Import():
                yield statement
            case ops.If(test=test, body=inner, orelse=orelse):
                if (test.name if isinstance(test, ops.Attribute) else test.id if isinstance(test, ops.Name) else "") != "TYPE_CHECKING":
                    yield from _at_import(inner)
                yield from _at_import(orelse)
            case ops.Try():
                for part in (statement.body, *(handler.body for handler in statement.handlers), statement.orelse):
                    yield from _at_import(part)
            case _:
                pass


def _dotted(expr: ops.Expr) -> str:
    """`a.b` as text; empty for anything else."""
    if isinstance(expr, ops.Name):
        return expr.id
    if isinstance(expr, ops.Attribute) and (prefix := _dotted(expr.value)):
        return f"{prefix}.{expr.name}"
    return ""
