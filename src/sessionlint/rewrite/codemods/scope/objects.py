"""Objects of the program's own classes that are made with a session or an instance: what their attributes hold, what their methods do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sessionlint.facts import ops
from sessionlint.facts.walk import statements
from sessionlint.link.symbols import ClassId, ClassSymbol, External, FunctionId
from sessionlint.rewrite.codemods.scope.summaries import Summary, arguments, summarize
from sessionlint.rewrite.codemods.scope.values import CLOSURE, PLAIN, UNKNOWN, Value, container, join
from sessionlint.rewrite.reading.walk import dotted, walk

if TYPE_CHECKING:
    from sessionlint.rewrite.codemods.scope.evaluate import Frame

_PLAIN_BASES = frozenset({"builtins.object", "abc.ABC", "typing.Generic", "typing.Protocol"})


def construct(frame: Frame, owner: ClassId, held: list[Value], named: dict[str, Value]) -> Summary:
    """What calling a class of the program with these arguments gives and does; one whose `__init__` does not show it is a container."""
    init = _initializer(frame, owner)
    if init is None:
        everything = PLAIN
        for value in (*held, *named.values()):
            everything = join(everything, value)
        return Summary(container(everything))
    given = [Value("object", owner), *held]
    found = summarize(frame.calls, init, given, named)
    attributes = _attributes(frame, init, given, named)
    is_tied = any(value.is_tied for value in attributes.values())
    return Summary(
        Value("object", owner, attributes=tuple(sorted(attributes.items()))) if is_tied else PLAIN, found.writes, found.escape, found.ends
    )


def _initializer(frame: Frame, owner: ClassId) -> FunctionId | None:
    program = frame.program
    if program.method(owner, "__new__") is not None or any(_is_opaque(frame, symbol) for symbol in program.mro(owner)):
        return None
    init = program.method(owner, "__init__")
    if init is None or not program.function(init).parameters:
        return None
    hands_on = any(isinstance(node, ops.Call) and dotted(node.func).startswith("super()") for node in walk(*program.function(init).body))
    return None if hands_on else init


def _is_opaque(frame: Frame, symbol: object) -> bool:
    """A class whose instances may do with what they are given what cannot be seen here."""
    if isinstance(symbol, ClassSymbol):
        return frame.program.method(symbol.id, "__getattr__") is not None or frame.program.method(symbol.id, "__setattr__") is not None
    return not (isinstance(symbol, External) and symbol.name in _PLAIN_BASES)


def _attributes(frame: Frame, init: FunctionId, held: list[Value], named: dict[str, Value]) -> dict[str, Value]:
    from sessionlint.rewrite.codemods.scope.effects import settle
    from sessionlint.rewrite.codemods.scope.evaluate import Frame

    facts = frame.program.function(init)
    inner = Frame(frame.calls, init, arguments(facts, held, named))
    settle(inner, facts.body)
    found: dict[str, Value] = {}
    for statement in statements(facts.body):
        for name in _stored(statement, facts.parameters[0].name):
            value = inner.value(statement.value) if isinstance(statement, ops.Assign) and len(statement.targets) == 1 else UNKNOWN
            found[name] = join(found.get(name, PLAIN), value)
    return found


def _stored(statement: ops.Stmt, holder: str) -> list[str]:
    """The attributes of `holder` that a statement binds."""
    match statement:
        case ops.Assign(targets=targets):
            found = walk(*targets)
        case ops.AugAssign(target=target) | ops.For(target=target):
            found = walk(target)
        case ops.With(items=items):
            found = walk(*(item.target for item in items))
        case _:
            return []
    return [n.name for n in found if isinstance(n, ops.Attribute) and isinstance(n.value, ops.Name) and n.value.id == holder]


def attribute_of(frame: Frame, holder: Value, name: str) -> Value:
    """What an attribute of an object holds."""
    assert holder.model is not None
    program = frame.program
    if _is_stored_later(frame, holder.model, name):
        return UNKNOWN
    for known, value in holder.attributes:
        if known == name:
            return value
    method = program.method(holder.model, name)
    if method is not None:
        kinds = {dotted(decorator).rpartition(".")[2] for decorator in program.function(method).decorators}
        return summarize(frame.calls, method, [holder], {}).value if kinds & {"property", "cached_property"} else CLOSURE
    return PLAIN if program.class_attribute(holder.model, name) is not None else UNKNOWN


def _is_stored_later(frame: Frame, owner: ClassId, name: str) -> bool:
    """Whether a method other than the constructor binds the attribute."""
    for symbol in frame.program.mro(owner):
        if not isinstance(symbol, ClassSymbol):
            continue
        for method, index in frame.program.class_(symbol.id).methods.items():
            facts = frame.program.function(FunctionId(symbol.id.file, index))
            holder = facts.parameters[0].name if facts.parameters and method != "__init__" else ""
            if holder and any(name in _stored(statement, holder) for statement in statements(facts.body)):
                return True
    return False


def call_method(frame: Frame, holder: Value, name: str, held: list[Value], named: dict[str, Value]) -> Summary:
    """What calling a method of an object gives and does."""
    assert holder.model is not None
    method = frame.program.method(holder.model, name)
    if method is None:
        return Summary(UNKNOWN, writes=True)
    kinds = {dotted(decorator).rpartition(".")[2] for decorator in frame.program.function(method).decorators}
    first = [] if "staticmethod" in kinds else [PLAIN] if "classmethod" in kinds else [holder]
    if kinds - {"staticmethod", "classmethod", "abstractmethod"}:
        return Summary(UNKNOWN, writes=True)
    return summarize(frame.calls, method, [*first, *held], named)
