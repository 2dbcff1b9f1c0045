"""What every part of a survey needs to ask of a program. Entry point: `Looking`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from functools import cached_property

from sessionlint.facts import FunctionFacts, ops
from sessionlint.facts.ops import Expr
from sessionlint.link import ClassSymbol, FunctionId, Program, Scope
from sessionlint.link.names.walk import nodes
from sessionlint.link.sessions.origins import Origins
from sessionlint.link.sessions.receivers import Receivers
from sessionlint.source import Location


class Looking:
    """A program with where its sessions come from, its scopes found by who enters them."""

    def __init__(self, program: Program, acquirers: tuple[str, ...]) -> None:
        self.program = program
        self.receivers = Receivers(program.names, program.hierarchy, program.annotations, program.dotting)
        self.origins = Origins(self.receivers, acquirers, program.default_expiry)

    def functions(self) -> Iterator[tuple[FunctionId, FunctionFacts]]:
        """Every function, method and lambda, and every module's body."""
        for file, module in self.program.files.items():
            for index, facts in enumerate(module.facts.functions):
                yield FunctionId(file, index), facts

    def place(self, function: FunctionId) -> Location:
        """Where a function is defined."""
        return Location(function.file, self.program.function(function).at)

    @cached_property
    def methods(self) -> dict[str, list[FunctionId]]:
        """The methods of all classes, by their names."""
        found: dict[str, list[FunctionId]] = {}
        for function, facts in self.functions():
            if facts.owner >= 0:
                found.setdefault(facts.name, []).append(function)
        return found

    @cached_property
    def _scopes_by_name(self) -> dict[str, list[Scope]]:
        found: dict[str, list[Scope]] = {}
        for scope in self.program.scopes.values():
            found.setdefault(last_part(scope.qualname), []).append(scope)
        return found

    def entered(self, function: FunctionId, context: Expr) -> Scope | None:
        """The scope that a context expression enters; one that is reached through something unknown counts by its name, if it is unique."""
        if not isinstance(context, ops.Call):
            return None
        named = self._scopes_by_name.get(last_name(context.func), [])
        if not named:
            return None
        callee = self.receivers.callee(function, context.func)
        if callee is None:
            symbol = self.program.resolve(function, context.func)
            if isinstance(symbol, ClassSymbol):
                callee = self.program.method(symbol.id, "__enter__") or self.program.method(symbol.id, "__aenter__")
        if callee is not None:
            return self.program.scopes.get(callee)
        return named[0] if len(named) == 1 and isinstance(context.func, ops.Attribute) else None

    def tails(self, calls: Iterable[tuple[FunctionId, ops.Call]]) -> Counter[str]:
        """How often calls reach what they call by which `owner.name`, the last two parts of a spelling."""
        found: Counter[str] = Counter()
        for function, call in calls:
            spelled = {tail for text in self.program.spellings(function, call.func) if (tail := tail_of(text))}
            found.update(spelled)
        return found


def counted(number: int, what: str) -> str:
    """`1 place`, `2 places`, `2 classes`, `2 dependencies`."""
    if number == 1:
        return f"1 {what}"
    return f"{number} {what[:-1]}ies" if what.endswith("y") else f"{number} {what}{'es' if what.endswith('s') else 's'}"


def tail_of(spelling: str, parts: int = 2) -> str:
    """The last parts of a spelling; empty where it has fewer, or parts that no configuration can name."""
    found = spelling.split(".")[-parts:]
    return ".".join(found) if len(found) == parts and all(part.isidentifier() for part in found) and found[0] not in ("self", "cls") else ""


def last_part(qualname: str) -> str:
    """`scope` of `Manager.scope`."""
    return qualname.rpartition(".")[2]


def last_name(expression: Expr) -> str:
    """The name or attribute that an expression ends in; empty for any other."""
    if isinstance(expression, ops.Attribute):
        return expression.name
    return expression.id if isinstance(expression, ops.Name) else ""


def written(expression: Expr) -> str:
    """An expression as it is written, as far as names, attributes and calls go; arguments are `…`."""
    match expression:
        case ops.Name(id=name):
            return name
        case ops.Attribute(value=value, name=name):
            inner = written(value)
            return f"{inner}.{name}" if inner else ""
        case ops.Call(func=func, args=args, keywords=keywords):
            inner = written(func)
            return f"{inner}({'…' if args or keywords else ''})" if inner else ""
        case ops.Await(value=value):
            return written(value)
        case _:
            return ""


def is_called(body: Iterable[object], names: frozenset[str]) -> bool:
    """Whether a body calls one of the plain names."""
    return any(isinstance(node, ops.Call) and isinstance(node.func, ops.Name) and node.func.id in names for node in nodes(*body))
