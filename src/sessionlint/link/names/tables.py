"""What each function and class body binds, by name, before anything is resolved. Entry points: `bindings_of`, `class_table`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TypeAlias

from sessionlint.facts import ClassFacts, FileFacts, ops
from sessionlint.facts.ops import Expr, Stmt
from sessionlint.link.names.walk import statements, targets
from sessionlint.source import Range


@dataclass(frozen=True, slots=True)
class Imported:
    """`from module import name` (`name` set) or `import module` (`name` empty); `level` counts the dots."""

    module: str
    level: int
    name: str


@dataclass(frozen=True, slots=True)
class Defined:
    """A `def` (`is_class` false) or a `class`; `index` into the file's facts."""

    index: int
    is_class: bool


@dataclass(frozen=True, slots=True)
class Assigned:
    """`name: annotation = value`. `value` is None where it is not a plain expression (loop target, `with`, unpacking, augmented)."""

    value: Expr | None
    annotation: Expr | None
    at: Range
    is_plain: bool = True


Binding: TypeAlias = Imported | Defined | Assigned


@dataclass(slots=True)
class Bindings:
    """What a body binds: `names` the one binding that a name is taken for, `assigned` all assignments of a name, `stars` star imports."""

    names: dict[str, Binding] = field(default_factory=dict)
    assigned: dict[str, list[Assigned]] = field(default_factory=dict)
    stars: list[Imported] = field(default_factory=list)
    fallbacks: dict[str, Binding] = field(default_factory=dict)
    declared: set[str] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class ClassTable:
    """What a class body holds: `functions` by name in order of definition, nested `classes`, `assigned` attributes (the last
    assignment)."""

    functions: dict[str, tuple[int, ...]]
    classes: dict[str, int]
    assigned: dict[str, Assigned]
    imports: dict[str, Imported]


def bindings_of(body: tuple[Stmt, ...], facts: FileFacts) -> Bindings:
    """The bindings of a module's or function's body. A later binding replaces an earlier one, but one in a fallback (an
    `except`, an `else`) never does, and an assignment replaces neither a `def`, `class` nor import (`get = cached(get)`)."""
    found = Bindings()
    for statement, is_fallback in statements(body):
        if isinstance(statement, ops.Global):
            found.declared.update(statement.names)
            continue
        for name, binding in _bound(statement, facts):
            if name == "*" and isinstance(binding, Imported):
                found.stars.append(binding)
                continue
            if isinstance(binding, Assigned):
                found.assigned.setdefault(name, []).append(binding)
            _enter(found, name, binding, is_fallback)
    for name in found.declared:
        found.names.pop(name, None)
    return found


def _enter(found: Bindings, name: str, binding: Binding, is_fallback: bool) -> None:
    earlier = found.names.get(name)
    if earlier is None:
        found.names[name] = binding
    elif is_fallback:
        if not isinstance(binding, Assigned):
            if isinstance(earlier, Assigned):
                found.names[name] = binding
            else:
                found.fallbacks.setdefault(name, binding)
    elif isinstance(earlier, Assigned) or not isinstance(binding, Assigned):
        found.names[name] = binding


def _bound(statement: Stmt, facts: FileFacts) -> Iterator[tuple[str, Binding]]:
    match statement:
        case ops.FunctionDef(function=index):
            yield facts.functions[index].name, Defined(index, False)
        case ops.ClassDef(class_index=index):
            yield facts.classes[index].name, Defined(index, True)
        case ops.Import(names=names):
            yield from _imported(statement, names)
        case ops.Assign(targets=written, value=value, annotation=annotation):
            for target in written:
                if isinstance(target, ops.Name):
                    yield target.id, Assigned(value, annotation, target.at)
                else:
                    yield from _unpacked(target)
        case ops.AugAssign(target=target) | ops.For(target=target):
            yield from _unpacked(target)
        case ops.With(items=items):
            for item in items:
                yield from _unpacked(item.target)
        case _:
            return


def _imported(statement: ops.Import, names: tuple[ops.ImportedName, ...]) -> Iterator[tuple[str, Imported]]:
    for item in names:
        if statement.module is not None or statement.level:
            yield item.bound, Imported(statement.module or "", statement.level, item.name)
        else:
            yield item.bound, Imported(item.bound if item.bound == item.name.partition(".")[0] else item.name, 0, "")


def _unpacked(target: Expr | None) -> Iterator[tuple[str, Assigned]]:
    for single in targets(target) if target is not None else ():
        if isinstance(single, ops.Name):
            yield single.id, Assigned(None, None, single.at, False)


def class_table(facts: FileFacts, class_: ClassFacts) -> ClassTable:
    """What the body of `class_` holds, blocks under `if` and `try` included."""
    functions: dict[str, list[int]] = {}
    classes: dict[str, int] = {}
    assigned: dict[str, Assigned] = {}
    imports: dict[str, Imported] = {}
    for statement, is_fallback in statements(class_.body):
        for name, binding in _bound(statement, facts):
            if isinstance(binding, Imported):
                imports[name] = binding
            elif isinstance(binding, Defined) and binding.is_class:
                classes[name] = binding.index
            elif isinstance(binding, Defined):
                functions.setdefault(name, []).append(binding.index)
            elif not (is_fallback and name in assigned):
                assigned[name] = _merged(assigned.get(name), binding)
    return ClassTable({name: tuple(found) for name, found in functions.items()}, classes, assigned, imports)


def _merged(earlier: Assigned | None, later: Assigned) -> Assigned:
    """`x: int` and then `x = 1` are one attribute."""
    if earlier is None or later.annotation is not None or later.value is None:
        return later
    return Assigned(later.value, earlier.annotation, later.at, later.is_plain)
