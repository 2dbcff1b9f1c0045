"""Which objects have a part in what happens to sessions: by what the methods and fields of their classes are. Entry points: `Offering`,
`holds_session`."""

from __future__ import annotations

from collections.abc import Collection as Several
from collections.abc import Iterator

from sessionlint.facts import mentioned, ops
from sessionlint.knowledge.sqlalchemy.sessions import ASYNC_SESSIONS, SESSIONS
from sessionlint.link import Program
from sessionlint.link.names.walk import nodes
from sessionlint.link.symbols import ClassId, ClassSymbol, External, FunctionId, Symbol
from sessionlint.solve.state.objects import Collection, Factory, Object, Partial, Session
from sessionlint.solve.state.state import PathState
from sessionlint.solve.state.values import FunctionValue, Value

_DEPTH = 3


class Offering:
    """Asked of what a call is given where nothing tracked is in it yet: whether it could hand some out, or keep some."""

    def __init__(self, program: Program, relevant: Several[FunctionId]) -> None:
        self._program, self._relevant = program, relevant
        self._known: dict[ClassId, tuple[bool, frozenset[FunctionId]]] = {}

    def offers(self, state: PathState, value: Value, asked: set[FunctionId], depth: int = _DEPTH) -> bool:
        """Whether a session or an instance could come out of `value`; which functions that depends on is added to `asked`."""
        found = state.object(value)
        if isinstance(found, Factory | Partial | Session):
            return True
        if isinstance(value, FunctionValue):
            asked.add(value.id)
            return value.id in self._relevant
        if not depth:
            return isinstance(found, Object)
        if isinstance(found, Object):
            return self._is_offering(found.cls, asked) or any(
                self.offers(state, inner, asked, depth - 1) for _, inner in (*found.fields, *found.seen)
            )
        inside = (*(found.items or ()), *found.elements) if isinstance(found, Collection) else ()
        return any(self.offers(state, inner, asked, depth - 1) for inner in inside)

    def _is_offering(self, cls: ClassId, asked: set[FunctionId]) -> bool:
        known = self._known.get(cls)
        if known is None:
            methods = set[FunctionId]()
            known = self._known[cls] = (self._looked_into(cls, methods, set()), frozenset(methods))
        asked |= known[1]
        return known[0]

    def _looked_into(self, cls: ClassId, asked: set[FunctionId], seen: set[ClassId]) -> bool:
        """Whether a method of the class, or of what its fields and its `__init__` name, handles sessions or keeps what it is given."""
        if cls in seen:
            return False
        seen.add(cls)
        for owner in self._program.mro(cls):
            if isinstance(owner, External) and owner.name in SESSIONS | ASYNC_SESSIONS:
                return True
            if isinstance(owner, ClassSymbol):
                methods = {FunctionId(owner.id.file, index) for index in self._program.class_(owner.id).methods.values()}
                asked |= methods
                if any(method in self._relevant or self._keeps(method) for method in methods):
                    return True
                if any(self._leads_on(symbol, asked, seen) for symbol in self._named(owner.id)):
                    return True
        return False

    def _keeps(self, method: FunctionId) -> bool:
        """Whether a method puts something into a field of its object later than when that is made, so that it comes out again elsewhere."""
        facts = self._program.function(method)
        if facts.name == "__init__" or len(facts.parameters) < 2:
            return False
        own = facts.parameters[0].name
        return any(_is_kept(node, own) for node in nodes(*facts.body))

    def _leads_on(self, symbol: Symbol | None, asked: set[FunctionId], seen: set[ClassId]) -> bool:
        if isinstance(symbol, External):
            return symbol.name in SESSIONS | ASYNC_SESSIONS
        return isinstance(symbol, ClassSymbol) and symbol.id not in self._program.models and self._looked_into(symbol.id, asked, seen)

    def _named(self, cls: ClassId) -> Iterator[Symbol | None]:
        """What the body of a class and its `__init__` name: the classes of its fields are among it."""
        module = FunctionId(cls.file, 0)
        for item in self._program.class_(cls).body:
            for receiver, name in mentioned(item):
                if not receiver:
                    yield self._program.lookup(module, name)
        made = self._program.class_(cls).methods.get("__init__")
        if made is not None:
            function = FunctionId(cls.file, made)
            for receiver, name in self._program.names.mentions(function):
                if not receiver:
                    yield self._program.lookup(function, name)


_ADDING = frozenset({"append", "appendleft", "add", "insert", "extend", "update", "setdefault", "put", "put_nowait", "__setitem__"})


def _is_kept(node: object, own: str) -> bool:
    """`self.field = …`, `self.field[…] = …`, `self.field.append(…)`."""
    if isinstance(node, ops.Assign | ops.AugAssign):
        targets = node.targets if isinstance(node, ops.Assign) else (node.target,)
        return any(_is_field(target, own) or (isinstance(target, ops.Subscript) and _is_field(target.value, own)) for target in targets)
    func = node.func if isinstance(node, ops.Call) else None
    return isinstance(func, ops.Attribute) and func.name in _ADDING and _is_field(func.value, own)


def _is_field(node: object, own: str) -> bool:
    return isinstance(node, ops.Attribute) and isinstance(node.value, ops.Name) and node.value.id == own


def holds_session(state: PathState, value: Value, depth: int = 3) -> bool:
    """Whether a session is among what an object is known to hold."""
    found = state.object(value)
    if isinstance(found, Object) and depth:
        return any(holds_session(state, inner, depth - 1) for _, inner in (*found.fields, *found.seen))
    if isinstance(found, Collection) and depth:
        return any(holds_session(state, inner, depth - 1) for inner in (*(found.items or ()), *found.elements))
    return isinstance(found, Session)
