"""Where the session that an expression stands for comes from: made here, found somewhere shared, or given. Entry point:
`Origins.origin`."""

from __future__ import annotations

from dataclasses import dataclass, replace

from sessionlint.facts import ops
from sessionlint.facts.ops import Expr
from sessionlint.knowledge.frameworks.requests import AMBIENT
from sessionlint.knowledge.sqlalchemy.constructs import SCOPED_SESSIONS
from sessionlint.knowledge.sqlalchemy.sessions import ASYNC_FACTORIES, ASYNC_SESSIONS, FACTORIES, SESSIONS
from sessionlint.link.names.walk import keyword, literal, nodes
from sessionlint.link.sessions.receivers import Receivers, is_none
from sessionlint.link.symbols import ClassSymbol, External, FunctionId, FunctionSymbol, Symbol, VariableSymbol

_DEPTH = 5
_SESSIONS = SESSIONS | ASYNC_SESSIONS
_FACTORIES = FACTORIES | ASYNC_FACTORIES


@dataclass(frozen=True, slots=True)
class Origin:
    """`kind` is `new`, `shared` (whoever asks again gets the same) or `given` (a parameter); `expires` whether its commits
    expire instances; `transaction` that entering it begins a transaction which leaving it ends (`factory.begin()`); `via` the
    functions that handed it on."""

    kind: str
    expires: bool
    transaction: bool = False
    via: tuple[FunctionId, ...] = ()


class Origins:
    """Reads session provenance from calls, assignments, annotations and returns."""

    def __init__(self, receivers: Receivers, acquirers: tuple[str, ...], default_expiry: bool) -> None:
        self.receivers = receivers
        self._names = receivers.names
        self._acquirers = tuple(f".{acquirer}" for acquirer in acquirers)
        self.default_expiry = default_expiry

    def origin(self, function: FunctionId, expression: Expr | None, depth: int = 0) -> Origin | None:
        """Where a session comes from; None where the expression is none, as far as can be seen."""
        if expression is None or depth > _DEPTH:
            return None
        match expression:
            case ops.Call():
                return self._called(function, expression, depth)
            case ops.Name():
                return self._named(function, expression, depth)
            case ops.Attribute():
                return self._attribute(function, expression, depth)
            case ops.Await(value=value) | ops.NamedExpr(value=value):
                return self.origin(function, value, depth + 1)
            case ops.BoolOp(values=parts):
                return _any([self.origin(function, part, depth + 1) for part in parts])
            case ops.Conditional(body=body, orelse=orelse):
                return _any([self.origin(function, part, depth + 1) for part in (body, orelse)])
            case _:
                return None

    # -- calls ----------------------------------------------------------------------------------------------------

    def _called(self, function: FunctionId, call: ops.Call, depth: int) -> Origin | None:
        symbol = self._names.resolve(function, call.func)
        made = self._made_by(symbol, call)
        if made is not None:
            return made
        if isinstance(call.func, ops.Attribute):
            through = self._through_attribute(function, call, call.func, depth)
            if through is not None:
                return through
        factory = self.factory(function, call.func)
        if factory is not None:
            return factory
        callee = self.receivers.callee(function, call.func)
        if callee is not None:
            return self.returned(callee, depth + 1)
        spellings = self.receivers.dotting.spellings(function, call.func)
        if any(f".{spelling}".endswith(self._acquirers) for spelling in spellings):
            return Origin("new", self.default_expiry)
        return None

    def _made_by(self, symbol: Symbol | None, call: ops.Call) -> Origin | None:
        """A session's class is called, or a method of a factory or registry that is kept in a variable."""
        if isinstance(symbol, ClassSymbol):
            inherits = self.receivers.hierarchy.inherits(symbol.id, _SESSIONS)
            return Origin("new", self._expiry(call)) if inherits else None
        if not isinstance(symbol, External):
            return None
        if symbol.name in _SESSIONS:
            return Origin("new", self._expiry(call))
        if symbol.name in SCOPED_SESSIONS:
            return Origin("shared", self.default_expiry)
        return Origin("shared", self.default_expiry) if symbol.name == "contextvars.ContextVar.get" else None

    def _expiry(self, call: ops.Call) -> bool:
        given = keyword(call, "expire_on_commit")
        return literal(given) is not False

    def _through_attribute(self, function: FunctionId, call: ops.Call, func: ops.Attribute, depth: int) -> Origin | None:
        """`factory.begin()`, `scoped.registry()`, `session.begin()`, `g.get("db")`, `getattr(g, …)`."""
        if func.name == "begin":
            factory = self.factory(function, func.value)
            return replace(factory, transaction=True) if factory is not None and factory.kind == "new" else None
        if func.name in ("get", "pop", "setdefault") and self._is_ambient(function, func.value):
            return Origin("shared", self.default_expiry)
        return None

    def factory(self, function: FunctionId, expression: Expr, depth: int = 0) -> Origin | None:
        """What a call of the expression makes, if it is a factory, a scoped registry or a session's class kept under a name."""
        if depth > _DEPTH:
            return None
        if isinstance(expression, ops.Call):
            symbol = self._names.resolve(function, expression.func)
            name = symbol.name if isinstance(symbol, External) else ""
            if name in SCOPED_SESSIONS:
                inner = self.factory(function, expression.args[0], depth + 1) if expression.args else None
                return Origin("shared", inner.expires if inner is not None else self.default_expiry)
            if name in _FACTORIES:
                return Origin("new", self._expiry(expression))
            callee = self.receivers.callee(function, expression.func)
            values = self._returns(callee) if callee is not None else []
            return _any([self.factory(place, value, depth + 1) for place, value in values])
        symbol = self._names.resolve(function, expression)
        if isinstance(symbol, External):
            return Origin("shared", self.default_expiry) if symbol.name in SCOPED_SESSIONS else None
        found = [self.factory(place, value, depth + 1) for place, value in self._values(function, expression) if not is_none(value)]
        return _any(found) or self._annotated_factory(function, expression)

    def _annotated_factory(self, function: FunctionId, expression: Expr) -> Origin | None:
        made = self.receivers.type_of(function, expression)
        if isinstance(made, External):
            if made.name in _FACTORIES:
                return Origin("new", self.default_expiry)
            if made.name in SCOPED_SESSIONS:
                return Origin("shared", self.default_expiry)
        return None

    def returned(self, function: FunctionId, depth: int) -> Origin | None:
        """What a function of the program hands out when it is called."""
        if depth > _DEPTH:
            return None
        found = _any([self.origin(place, value, depth + 1) for place, value in self._returns(function)])
        if found is None:
            meaning = self.receivers.annotations.meaning(function, self._names.function(function).returns)
            is_session = isinstance(meaning.symbol, External) and meaning.symbol.name in _SESSIONS
            found = Origin("new", self.default_expiry) if is_session else None
        return replace(found, via=(function, *found.via)) if found is not None else None

    def _returns(self, function: FunctionId) -> list[tuple[FunctionId, Expr]]:
        body = self._names.function(function).body
        return [(function, node.value) for node in nodes(*body) if isinstance(node, ops.Return) and node.value is not None]

    # -- names ----------------------------------------------------------------------------------------------------

    def _values(self, function: FunctionId, expression: Expr) -> list[tuple[FunctionId, Expr]]:
        """What is assigned to a variable or attribute, with `self.x` looked for in every method of the class."""
        found = self.receivers.values_of(function, expression)
        if found or not isinstance(expression, ops.Attribute):
            return found
        if not isinstance(expression.value, ops.Name) or expression.value.id not in ("self", "cls"):
            return found
        owner = self.receivers.dotting.owner_class(function)
        return self.assigned_to_self(function, expression.name) if owner is not None else []

    def assigned_to_self(self, function: FunctionId, name: str) -> list[tuple[FunctionId, Expr]]:
        """Every value that a method of the class around `function`, or its body, assigns to the attribute."""
        owner = self.receivers.dotting.owner_class(function)
        found: list[tuple[FunctionId, Expr]] = []
        for ancestor in self.receivers.hierarchy.ancestors(owner) if owner is not None else ():
            table = self._names.class_table(ancestor)
            assigned = table.assigned.get(name)
            if assigned is not None and assigned.value is not None:
                found.append((self._names.class_parent(ancestor), assigned.value))
            for indices in table.functions.values():
                for index in indices:
                    method = FunctionId(ancestor.file, index)
                    found += [(method, value) for value in _assigned(self._names.function(method).body, name)]
        return found

    def _named(self, function: FunctionId, name: ops.Name, depth: int) -> Origin | None:
        symbol = self._names.resolve(function, name)
        if isinstance(symbol, External):
            return Origin("shared", self.default_expiry) if symbol.name in SCOPED_SESSIONS else None
        values = [item for item in self.receivers.values_of(function, name) if not is_none(item[1])]
        found = _any([self.origin(place, value, depth + 1) for place, value in values])
        if found is not None:
            return replace(found, kind="shared") if isinstance(symbol, VariableSymbol) else found
        if isinstance(symbol, FunctionSymbol | ClassSymbol):
            return None
        meaning = self.receivers.type_of(function, name)
        is_session = self._is_session(meaning)
        return Origin("given", self.default_expiry) if is_session and not values else None

    def _is_session(self, symbol: Symbol | None) -> bool:
        if isinstance(symbol, ClassSymbol):
            return self.receivers.hierarchy.inherits(symbol.id, _SESSIONS)
        return isinstance(symbol, External) and symbol.name in _SESSIONS

    def _attribute(self, function: FunctionId, expression: ops.Attribute, depth: int) -> Origin | None:
        symbol = self._names.resolve(function, expression)
        if isinstance(symbol, External) and symbol.name in SCOPED_SESSIONS:
            return Origin("shared", self.default_expiry)
        values = [item for item in self._values(function, expression) if not is_none(item[1])]
        found = _any([self.origin(place, value, depth + 1) for place, value in values])
        if found is not None:
            return replace(found, kind="shared")
        if not self._is_ambient(function, expression.value):
            return None
        found = _any(self._ambient_values(function, expression, depth))
        if found is not None:
            return replace(found, kind="shared")
        return Origin("shared", self.default_expiry) if "session" in expression.name.lower() else None

    def _ambient_values(self, function: FunctionId, expression: ops.Attribute, depth: int) -> list[Origin | None]:
        """What the same function puts on `g` under that name."""
        values = _assigned(self._names.function(function).body, expression.name, owner="")
        return [self.origin(function, value, depth + 1) for value in values]

    def _is_ambient(self, function: FunctionId, expression: Expr) -> bool:
        symbol = self._names.resolve(function, expression)
        if isinstance(symbol, External):
            return symbol.name.startswith(AMBIENT)
        made = self.receivers.type_of(function, expression)
        return isinstance(made, External) and made.name.startswith(AMBIENT)


def _assigned(body: tuple[ops.Stmt, ...], name: str, owner: str = "self") -> list[Expr]:
    """What is assigned to `owner.name` in a body, the contexts of `with … as owner.name` among it."""
    found: list[Expr] = []
    for node in nodes(*body):
        pairs: list[tuple[Expr | None, Expr | None]] = []
        if isinstance(node, ops.Assign):
            pairs = [(target, node.value) for target in node.targets]
        if isinstance(node, ops.WithItem):
            pairs = [(node.target, node.context)]
        found += [value for target, value in pairs if value is not None and _is_attribute(target, name, owner)]
    return found


def _is_attribute(target: Expr | None, name: str, owner: str) -> bool:
    if not isinstance(target, ops.Attribute) or target.name != name:
        return False
    return not owner or (isinstance(target.value, ops.Name) and target.value.id == owner)


def _any(found: list[Origin | None]) -> Origin | None:
    """One origin for several possible ones: shared if any is."""
    known = [origin for origin in found if origin is not None]
    return next((origin for origin in known if origin.kind == "shared"), known[0] if known else None)
