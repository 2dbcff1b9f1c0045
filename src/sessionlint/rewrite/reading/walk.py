"""Getting about in a function's operations: children, suites with their parents, names that are read and bound."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, cast

import msgspec

from sessionlint.facts import FileFacts, FunctionFacts, ops
from sessionlint.facts.ops import Expr, Stmt

Node = Any
"""An operation or a part of one; their only common type is msgspec's."""


def children(node: Node) -> Iterator[Node]:
    """The operations and parts directly below `node`, in source order; nested functions and classes are references, not children."""
    for field in _fields(type(node)):
        value = getattr(node, field)
        if type(value) is tuple:
            for item in value:
                if isinstance(item, msgspec.Struct):
                    yield item
        elif isinstance(value, msgspec.Struct):
            yield value


_FIELDS: dict[type, tuple[str, ...]] = {}


def _fields(kind: type[Node]) -> tuple[str, ...]:
    found = _FIELDS.get(kind)
    if found is None:
        found = _FIELDS[kind] = tuple(name for name in kind.__struct_fields__ if name not in _LEAVES)
    return found


_LEAVES = frozenset(
    "at name_at id name bound module level kind operator operators function class_index target_name conversions captures".split()
)


def walk(*roots: Node) -> Iterator[Node]:
    """Everything at or below `roots`, `None` left out."""
    stack = [root for root in reversed(roots) if root is not None]
    while stack:
        node = stack.pop()
        yield node
        stack.extend(reversed(list(children(node))))


@dataclass(frozen=True, slots=True)
class Suite:
    """A block of statements. `kind` is `function`, `body`, `handler`, `orelse`, `finalbody` or `case`; `owner` the compound statement
    it belongs to."""

    statements: tuple[Stmt, ...]
    kind: str
    owner: Stmt | None
    parent: Suite | None
    index: int
    """Where `owner` stands in `parent`."""


def blocks(statement: Stmt) -> list[tuple[str, tuple[Stmt, ...]]]:
    """The blocks of a compound statement with their kinds, empty ones left out."""
    found: list[tuple[str, tuple[Stmt, ...]]] = []
    match statement:
        case ops.If() | ops.While() | ops.For():
            found = [("body", statement.body), ("orelse", statement.orelse)]
        case ops.With():
            found = [("body", statement.body)]
        case ops.Try():
            handlers = [("handler", handler.body) for handler in statement.handlers]
            found = [("body", statement.body), *handlers, ("orelse", statement.orelse), ("finalbody", statement.finalbody)]
        case ops.Match():
            found = [("case", case.body) for case in statement.cases]
        case _:
            pass
    return [(kind, body) for kind, body in found if body]


def suites(body: tuple[Stmt, ...]) -> Iterator[Suite]:
    """Every block of a function, its own body first."""
    pending = [Suite(body, "function", None, None, -1)]
    while pending:
        suite = pending.pop()
        yield suite
        for index, statement in enumerate(suite.statements):
            pending.extend(Suite(block, kind, statement, suite, index) for kind, block in blocks(statement))


def headers(statement: Stmt) -> list[Expr]:
    """The expressions that the statement itself evaluates, without those of its blocks; targets are among them."""
    match statement:
        case ops.If() | ops.While():
            return [statement.test]
        case ops.For():
            return [statement.iter, statement.target]
        case ops.With():
            return [part for item in statement.items for part in (item.context, item.target) if part is not None]
        case ops.Try():
            return []
        case ops.Match():
            guards = [case.guard for case in statement.cases if case.guard is not None]
            return [statement.subject, *guards]
        case _:
            return [cast(Expr, child) for child in children(statement) if not isinstance(child, ops.ImportedName)]


def target_names(target: Expr | None) -> Iterator[str]:
    """The plain names that an assignment target binds."""
    match target:
        case ops.Name(id=name):
            yield name
        case ops.Display(items=items):
            for item in items:
                yield from target_names(item)
        case ops.Starred(value=value):
            yield from target_names(value)
        case _:
            return


def root_name(expression: Expr) -> str:
    """The name that a chain of attributes and subscripts begins with; empty for none."""
    while isinstance(expression, ops.Attribute | ops.Subscript | ops.Starred):
        expression = expression.value
    return expression.id if isinstance(expression, ops.Name) else ""


def dotted(expression: Expr) -> str:
    """`self.db_manager.get_session` for a chain of attributes; calls and subscripts in it are shown short."""
    match expression:
        case ops.Name(id=name):
            return name
        case ops.Attribute(value=value, name=name):
            return f"{dotted(value)}.{name}"
        case ops.Call(func=func):
            return f"{dotted(func)}()"
        case ops.Subscript(value=value):
            return f"{dotted(value)}[…]"
        case _:
            return "…"


def bound_names(statement: Stmt, facts: FileFacts) -> set[str]:
    """The names that the statement itself binds (not its blocks)."""
    found = {name for node in walk(*headers(statement)) if isinstance(node, ops.NamedExpr) for name in [node.target]}
    match statement:
        case ops.Assign(targets=targets):
            found.update(name for target in targets for name in target_names(target))
        case ops.AugAssign(target=target) | ops.For(target=target):
            found.update(target_names(target))
        case ops.With(items=items):
            found.update(name for item in items for name in target_names(item.target))
        case ops.Match(cases=cases):
            found.update(name for case in cases for name in case.captures)
        case ops.Import(names=names):
            found.update(name.bound for name in names)
        case ops.FunctionDef(function=index):
            found.add(facts.functions[index].name)
        case ops.ClassDef(class_index=index):
            found.add(facts.classes[index].name)
        case _:
            pass
    return found


def read_names(facts: FileFacts, *expressions: Node) -> set[str]:
    """The names that are read in the expressions, by lambdas in them too."""
    found: set[str] = set()
    for node in walk(*expressions):
        if isinstance(node, ops.Name):
            found.add(node.id)
        elif isinstance(node, ops.Lambda | ops.FunctionDef):
            found |= free_names(facts, node.function)
        elif isinstance(node, ops.ClassDef):
            found |= _class_names(facts, node.class_index)
    return found


def _class_names(facts: FileFacts, index: int) -> set[str]:
    return read_names(facts, *facts.classes[index].body)


def free_names(facts: FileFacts, index: int) -> set[str]:
    """The names that a nested function reads from the functions around it, its defaults included."""
    function = facts.functions[index]
    defaults = read_names(facts, *(p.default for p in function.parameters if p.default is not None), *function.decorators)
    return defaults | (read_names(facts, *function.body) - set(function.names))


def leaves(body: tuple[Stmt, ...], *, loops: bool = True) -> bool:
    """Whether every path through the block leaves it by `return` or `raise` or (with `loops`) by `break` or `continue`."""
    return any(_leaves(statement, loops) for statement in body)


def _leaves(statement: Stmt, loops: bool) -> bool:
    match statement:
        case ops.Return() | ops.Raise():
            return True
        case ops.Break() | ops.Continue():
            return loops
        case ops.If(body=body, orelse=orelse):
            return leaves(body, loops=loops) and leaves(orelse, loops=loops)
        case ops.With(body=body):
            return leaves(body, loops=loops)
        case ops.Try(body=body, handlers=handlers, orelse=orelse, finalbody=finalbody):
            caught = all(leaves(h.body, loops=loops) for h in handlers)
            return leaves(finalbody, loops=loops) or ((leaves(body, loops=loops) or leaves(orelse, loops=loops)) and caught)
        case ops.Match(cases=cases):
            is_complete = any(case.is_irrefutable and case.guard is None for case in cases)
            return is_complete and all(leaves(case.body, loops=loops) for case in cases)
        case _:
            return False


def is_inside(functions: tuple[FunctionFacts, ...], index: int, outer: int) -> bool:
    """Whether the function at `index` is nested, at any depth, in the one at `outer`."""
    while index > 0:
        index = functions[index].parent
        if index == outer:
            return True
    return False
