"""What later rooms ask of every body of a program, found out once for each file and kept with its facts, so that only bodies that
matter are looked at. Entry points: `summarized`, `summary_of`, `mentioned`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from operator import attrgetter
from typing import Any

import msgspec

from sessionlint.facts import ops
from sessionlint.facts.file import ClassFacts, FileFacts, FileSummary, FunctionFacts, FunctionSummary

Mention = tuple[str, str]

_PLAIN = frozenset({"Range", "str", "int", "bool", "str | None", "str | int | bool | None", "tuple[str, ...]", "tuple[ImportedName, ...]"})
"""Types of fields in which there is no operation."""


def _parts(kind: type) -> Callable[[Any], Any] | None:
    names = [name for each in kind.__mro__ for name, type_ in getattr(each, "__annotations__", {}).items() if type_ not in _PLAIN]
    return attrgetter(*names) if names else None


_PARTS: dict[type, Callable[[Any], Any]] = {
    kind: parts
    for kind in vars(ops).values()
    if isinstance(kind, type) and issubclass(kind, msgspec.Struct) and kind not in {ops.Op, ops.Name, ops.Attribute}
    if (parts := _parts(kind)) is not None
}
"""How to get at what is in an operation; it is a tuple, an operation or None."""


def mentioned(found: object) -> Iterator[Mention]:
    """Every name (after an empty text) and attribute (after the name it is taken from, `*` for an expression) in an operation."""
    stack: list[Any] = [found]
    while stack:
        node = stack.pop()
        kind = type(node)
        if kind is tuple:
            stack += node
        elif kind is ops.Name:
            yield "", node.id
        elif kind is ops.Attribute:
            value = node.value
            yield value.id if type(value) is ops.Name else "*", node.name
            stack.append(value)
        elif (parts := _PARTS.get(kind)) is not None:
            stack.append(parts(node))


def summary_of(facts: FileFacts) -> FileSummary:
    """The summary of a file, made here where its facts did not come out of a capture."""
    return facts.summary if facts.summary is not None else summarized(facts.functions, facts.classes)


def summarized(functions: Sequence[FunctionFacts], classes: Sequence[ClassFacts]) -> FileSummary:
    """The summary of what stands in a file."""
    walk = _Walk(functions, classes)
    of_functions = [(facts, walk.function(facts)) for facts in functions]
    of_classes = [walk.class_(facts) for facts in classes]
    order = sorted(walk.numbers)
    places = {walk.numbers[mention]: place for place, mention in enumerate(order)}

    def placed(numbers: set[int]) -> tuple[int, ...]:
        return tuple(sorted(places[number] for number in numbers))

    return FileSummary(
        tuple(order),
        tuple(found.made(placed(found.mentions), facts) for facts, found in of_functions),
        tuple(placed(found.mentions) for found in of_classes),
        tuple((name, tuple(sorted(targets))) for name, targets in sorted(walk.aliases.items())),
        tuple(sorted(walk.renamed)),
    )


class _Body:
    """What was found in one body."""

    def __init__(self, name: str, is_function: bool) -> None:
        self.name, self.is_function = name, is_function
        self.mentions: set[int] = set()
        self.defined: set[str] = set()
        self.declared: set[str] = set()
        self.called: set[str] = set()
        self.added_to: set[str] = set()
        self.has_imports = False

    def made(self, mentions: tuple[int, ...], facts: FunctionFacts) -> FunctionSummary:
        """As it is kept."""
        adds = bool(self.added_to - (set(facts.names) - self.defined - self.declared))
        returns = [statement.value for statement in facts.body if isinstance(statement, ops.Return)]
        hands_on = len(returns) == 1 and isinstance(returns[0], ops.Call)
        defined, declared, called = (tuple(sorted(names)) for names in (self.defined, self.declared, self.called))
        return FunctionSummary(mentions, defined, declared, called, self.has_imports, adds, hands_on)


class _Walk:
    """The walk over one file: one look at every operation."""

    def __init__(self, functions: Sequence[FunctionFacts], classes: Sequence[ClassFacts]) -> None:
        self._functions, self._classes = functions, classes
        self.numbers: dict[Mention, int] = {}
        self.aliases: dict[str, set[str]] = {}
        self.renamed: set[tuple[str, str]] = set()

    def function(self, facts: FunctionFacts) -> _Body:
        body = _Body(facts.name, is_function=True)
        self._look(body, (facts.body, facts.decorators, facts.returns))
        for parameter in facts.parameters:
            self._look(body, (parameter.annotation, parameter.default))
            self._note(parameter.name, {name for _, name in mentioned(parameter.annotation)})
        return body

    def class_(self, facts: ClassFacts) -> _Body:
        body = _Body(facts.name, is_function=False)
        self._look(body, (facts.body, facts.decorators, facts.bases))
        return body

    def _look(self, body: _Body, found: object) -> None:
        numbers, note = self.numbers, body.mentions.add
        stack: list[Any] = [found]
        while stack:
            node = stack.pop()
            kind = type(node)
            if kind is tuple:
                stack += node
            elif kind is ops.Name:
                note(numbers.setdefault(("", node.id), len(numbers)))
            elif kind is ops.Attribute:
                value = node.value
                note(numbers.setdefault((value.id if type(value) is ops.Name else "*", node.name), len(numbers)))
                stack.append(value)
            else:
                if (told := _TOLD.get(kind)) is not None:
                    told(self, body, node)
                if (parts := _PARTS.get(kind)) is not None:
                    stack.append(parts(node))

    def _note(self, target: str, names: Iterable[str]) -> None:
        for name in names:
            self.aliases.setdefault(name, set()).add(target)

    # -- what is told of some operations besides ------------------------------------------------------------------

    def assign(self, body: _Body, node: ops.Assign) -> None:
        names = aliased(node.value)
        if node.annotation is not None:
            names |= {name for _, name in mentioned(node.annotation)}
        if names:
            for target in node.targets:
                for part in target.items if isinstance(target, ops.Display) else (target,):
                    if tail := _tail(part):
                        self._note(tail, names)
        first = node.targets[0]
        if isinstance(first, ops.Attribute):
            if isinstance(node.value, ops.Call):
                body.added_to.add(_root(first.value))
        elif isinstance(node.value, ops.Attribute) and isinstance(first, ops.Name):
            self.renamed.add((node.value.name, first.id))

    def return_(self, body: _Body, node: ops.Return) -> None:
        self._note(body.name, aliased(node.value))

    def import_(self, body: _Body, node: ops.Import) -> None:
        body.has_imports = True
        body.defined.update(item.bound for item in node.names)
        self.renamed.update((item.name, item.bound) for item in node.names if item.bound != item.name)

    def function_def(self, body: _Body, node: ops.FunctionDef) -> None:
        body.defined.add(self._functions[node.function].name)

    def class_def(self, body: _Body, node: ops.ClassDef) -> None:
        body.defined.add(self._classes[node.class_index].name)

    def global_(self, body: _Body, node: ops.Global) -> None:
        body.declared.update(node.names)

    def call(self, body: _Body, node: ops.Call) -> None:
        """`getattr(manager, "get_session")()`"""
        func = node.func
        if isinstance(func, ops.Call) and len(func.args) > 1:
            name = func.args[1].value if isinstance(func.args[1], ops.Constant) else None
            if isinstance(name, str):
                body.called.add(name)


_TOLD: dict[type, Callable[[_Walk, _Body, Any], None]] = {
    ops.Assign: _Walk.assign,
    ops.Return: _Walk.return_,
    ops.Import: _Walk.import_,
    ops.FunctionDef: _Walk.function_def,
    ops.ClassDef: _Walk.class_def,
    ops.Global: _Walk.global_,
    ops.Call: _Walk.call,
}


def aliased(value: ops.Expr | None) -> set[str]:
    """What an assigned value is another name of: a plain name or attribute, what is called, what stands before an `or`."""
    match value:
        case ops.Name() | ops.Attribute():
            return {_tail(value)}
        case ops.Call():
            return aliased(value.func) | {name for argument in value.args[:1] for name in aliased(argument)}
        case ops.BoolOp():
            return {name for part in value.values for name in aliased(part)}
        case ops.Subscript():
            return aliased(value.value)
        case ops.Display():
            return {name for part in value.items for name in aliased(part)}
        case _:
            return set()


def _tail(target: ops.Expr) -> str:
    if isinstance(target, ops.Attribute):
        return target.name
    return target.id if isinstance(target, ops.Name) else ""


def _root(target: ops.Expr) -> str:
    """The name that a chain of attributes begins with, empty for any other expression."""
    while isinstance(target, ops.Attribute):
        target = target.value
    return target.id if isinstance(target, ops.Name) else ""
