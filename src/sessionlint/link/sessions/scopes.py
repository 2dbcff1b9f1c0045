"""Which functions and classes hand out a session for a block, and what they do when it is left. Entry point: `find_scopes`."""

from __future__ import annotations

from dataclasses import replace

from sessionlint.facts import ops
from sessionlint.facts.ops import Expr
from sessionlint.knowledge.frameworks.requests import REQUEST_BOUND
from sessionlint.link.names.walk import literal, nodes
from sessionlint.link.program import Scope
from sessionlint.link.sessions.effects import Around, calls, errors_of, read_around, ways_out
from sessionlint.link.sessions.origins import Origin, Origins
from sessionlint.link.sessions.receivers import is_none
from sessionlint.link.symbols import ClassId, External, FunctionId

_MANAGERS = frozenset({"contextlib.contextmanager", "contextlib.asynccontextmanager"})
_WRITTEN = frozenset({"commit", "rollback", "close"})
_DEPTH = 4


def find_scopes(origins: Origins, closers: tuple[str, ...]) -> dict[FunctionId, Scope]:
    """Every scope of the program, sorted by function.

    A scope is a generator under `@contextmanager` or `@asynccontextmanager` that yields a session, a class whose `__enter__`
    returns one (the scope's function is then `__enter__`), and a function that only returns another scope or `factory.begin()`.
    """
    return _Finder(origins, closers).find()


class _Finder:
    def __init__(self, origins: Origins, closers: tuple[str, ...]) -> None:
        self._origins = origins
        self._receivers = origins.receivers
        self._names = origins.receivers.names
        self._closers = tuple(f".{closer}" for closer in closers)
        self._scopes: dict[FunctionId, Scope | None] = {}
        self._yielded: dict[FunctionId, Origin] = {}
        self._by_name: dict[str, list[FunctionId]] = {}

    def find(self) -> dict[FunctionId, Scope]:
        candidates = [
            FunctionId(file, index)
            for file in sorted(self._names.facts)
            for index, facts in enumerate(self._names.facts[file].functions)
            if index and self._may_be_scope(FunctionId(file, index))
        ]
        for function in candidates:
            self._by_name.setdefault(self._names.function(function).name, []).append(function)
        for function in candidates:
            self.scope(function)
        return {function: scope for function in candidates if (scope := self._scopes.get(function)) is not None}

    def _may_be_scope(self, function: FunctionId) -> bool:
        facts = self._names.function(function)
        if facts.name in ("__enter__", "__aenter__"):
            return facts.owner >= 0
        if facts.is_generator:
            decorators = [self._names.resolve(function, decorator) for decorator in facts.decorators]
            return any(isinstance(symbol, External) and symbol.name in _MANAGERS for symbol in decorators)
        return self._names.of_body(function).hands_on and not facts.name.startswith("<")

    def scope(self, function: FunctionId) -> Scope | None:
        """What the function is as a scope, None where it is none (or where it is asked for while it is being read)."""
        if function not in self._scopes:
            self._scopes[function] = None
            facts = self._names.function(function)
            if facts.name in ("__enter__", "__aenter__"):
                found = self._of_class(function)
            elif facts.is_generator:
                found = self._of_generator(function)
            else:
                found = self._of_return(function)
            self._scopes[function] = found
        return self._scopes[function]

    # -- generators -----------------------------------------------------------------------------------------------

    def _of_generator(self, function: FunctionId) -> Scope | None:
        yields = read_around(self._names.function(function).body)
        read = [scope for around in yields if (scope := self._of_yield(function, around)) is not None]
        if not read:
            return None
        found = read[0]
        for other in read[1:]:
            found = replace(
                found,
                commits=found.commits or other.commits,
                rolls_back=found.rolls_back or other.rolls_back,
                closes=found.closes and other.closes,
                expires=found.expires or other.expires,
                errors=max(found.errors, other.errors, key=["same", "translated", "swallowed"].index),
                is_shared=found.is_shared or other.is_shared,
                begins=found.begins or other.begins,
            )
        return found

    def _of_yield(self, function: FunctionId, around: Around) -> Scope | None:
        facts = self._names.function(function)
        assert around.value is not None
        outer = self._context_of(function, around, around.value)
        delegate = self._delegate(function, outer.context) if outer is not None else None
        origin = self._origins.origin(function, outer.context if outer is not None else around.value)
        if delegate is not None:
            origin = self._yielded.get(delegate.function, origin)
        if origin is not None:
            self._yielded[function] = origin
        if delegate is None and origin is None and not self._looks_like_session(function, around):
            return None
        written = {kind: self._written(function, around, kind) for kind in _WRITTEN}
        begins = self._begins(around) or (origin is not None and origin.transaction)
        commits = "normal" in written["commit"] or "finally" in written["commit"] or begins
        scope = Scope(
            function=function,
            qualname=facts.qualname,
            is_async=facts.is_async,
            commits=commits,
            rolls_back=bool(written["rollback"]) or begins,
            closes=bool(written["close"] - {"handler"}) or self._is_closed_by_context(function, around, outer, origin),
            expires=commits and (origin.expires if origin is not None else self._origins.default_expiry),
            errors=self._errors(function, around),
            is_request_bound=self._is_request_bound(function, origin),
            is_shared=origin is not None and origin.kind != "new",
            begins=begins,
        )
        return _delegated(scope, delegate) if delegate is not None else scope

    def _context_of(self, function: FunctionId, around: Around, value: Expr) -> ops.WithItem | None:
        """The `with` item around the `yield` whose target is what is yielded."""
        for item in reversed(around.contexts):
            if item.target is not None and _text(item.target) == _text(value) != "":
                return item
        return next((item for item in around.contexts if item.context == value), None)

    def _delegate(self, function: FunctionId, context: Expr) -> Scope | None:
        """The scope that a context expression enters."""
        if not isinstance(context, ops.Call):
            return None
        callee = self._receivers.callee(function, context.func)
        if callee is None:
            owner = self._receivers.class_of(function, context)
            callee = self._entered(owner) if owner is not None else None
        if callee is None and isinstance(context.func, ops.Attribute):
            named = self._by_name.get(context.func.name, [])
            callee = named[0] if len(named) == 1 and self._receivers.class_of(function, context.func.value) is None else None
        return self.scope(callee) if callee is not None and self._may_be_scope(callee) else None

    def _entered(self, owner: ClassId) -> FunctionId | None:
        return self._receivers.hierarchy.method(owner, "__enter__") or self._receivers.hierarchy.method(owner, "__aenter__")

    def _looks_like_session(self, function: FunctionId, around: Around) -> bool:
        """A session whose origin cannot be seen: it is called one, and committed, rolled back or closed as one."""
        name = _text(around.value).rpartition(".")[2].lower()
        if "session" not in name or not any(self._written(function, around, kind) for kind in _WRITTEN):
            return False
        return not any(self._is_foreign(place, value) for place, value in self._receivers.values_of(function, around.value))

    def _is_foreign(self, function: FunctionId, value: Expr) -> bool:
        inner = value.value if isinstance(value, ops.Await) else value
        symbol = self._names.resolve(function, inner.func) if isinstance(inner, ops.Call) else None
        return isinstance(symbol, External) and not symbol.name.startswith(("sqlalchemy.", "sqlmodel.", "flask_sqlalchemy.", "builtins."))

    # -- what is done after the yield -----------------------------------------------------------------------------

    def _written(self, function: FunctionId, around: Around, kind: str) -> set[str]:
        """Where (`normal`, `handler`, `finally`) the session is committed, rolled back or closed after the `yield`."""
        return {where for call, where in around.after if self._does(function, call, _text(around.value), kind, 0)}

    def _does(self, function: FunctionId, call: ops.Call, session: str, kind: str, depth: int) -> bool:
        func = call.func
        if isinstance(func, ops.Attribute):
            if func.name == kind and _text(func.value) == session:
                return True
            if kind == "close" and func.name == "remove" and self._is_shared(function, func.value):
                return True
        given = [_text(argument) for argument in call.args]
        if kind == "close" and session in given:
            spellings = self._receivers.dotting.spellings(function, func)
            if any(f".{spelling}".endswith(self._closers) for spelling in spellings):
                return True
        if depth >= 1:
            return False
        callee = self._receivers.callee(function, func)
        if callee is None:
            return False
        if session.startswith("self.") and _text(func).startswith("self."):
            inner = session
        elif session in given:
            names = [parameter.name for parameter in self._names.function(callee).parameters if parameter.name not in ("self", "cls")]
            inner = names[given.index(session)] if given.index(session) < len(names) else ""
        else:
            return False
        return any(self._does(callee, each, inner, kind, depth + 1) for each in calls(self._names.function(callee).body))

    def _is_shared(self, function: FunctionId, expression: Expr) -> bool:
        factory = self._origins.factory(function, expression)
        return factory is not None and factory.kind == "shared"

    def _begins(self, around: Around) -> bool:
        """`with session.begin():` around the `yield`."""
        session = _text(around.value)
        return any(
            isinstance(item.context, ops.Call)
            and isinstance(item.context.func, ops.Attribute)
            and item.context.func.name == "begin"
            and _text(item.context.func.value) == session
            for item in around.contexts
        )

    def _is_closed_by_context(self, function: FunctionId, around: Around, outer: ops.WithItem | None, origin: Origin | None) -> bool:
        if outer is not None and origin is not None and origin.kind == "new":
            return True
        session = _text(around.value)
        for item in around.contexts:
            if isinstance(item.context, ops.Call) and session in [_text(argument) for argument in item.context.args]:
                symbol = self._names.resolve(function, item.context.func)
                if isinstance(symbol, External) and symbol.name in ("contextlib.closing", "contextlib.aclosing"):
                    return True
            if _text(item.context) == session:
                return True
        return False

    def _errors(self, function: FunctionId, around: Around) -> str:
        for item in around.contexts:
            symbol = self._names.resolve(function, item.context.func) if isinstance(item.context, ops.Call) else None
            if symbol == External("contextlib.suppress"):
                return "swallowed"
        return "swallowed" if around.has_final_return else errors_of(around.handlers)

    def _is_request_bound(self, function: FunctionId, origin: Origin | None) -> bool:
        return any(self._reaches_request(each, 0, set()) for each in (function, *(origin.via if origin is not None else ())))

    def _reaches_request(self, function: FunctionId, depth: int, seen: set[FunctionId]) -> bool:
        """Whether a function, or a method of its class that it calls, reaches for the request or the application context."""
        if function in seen or depth > _DEPTH:
            return False
        seen.add(function)
        for node in nodes(*self._names.function(function).body):
            if isinstance(node, ops.Name | ops.Attribute):
                symbol = self._names.resolve(function, node)
                if isinstance(symbol, External) and symbol.name in REQUEST_BOUND:
                    return True
            elif isinstance(node, ops.Call) and _text(node.func).startswith("self."):
                callee = self._receivers.callee(function, node.func)
                if callee is not None and self._reaches_request(callee, depth + 1, seen):
                    return True
        return False

    # -- classes --------------------------------------------------------------------------------------------------

    def _of_class(self, enter: FunctionId) -> Scope | None:
        owner = ClassId(enter.file, self._names.function(enter).owner)
        is_async = self._names.function(enter).name == "__aenter__"
        leave = self._receivers.hierarchy.method(owner, "__aexit__" if is_async else "__exit__")
        body = self._names.function(enter).body
        returned = [node.value for node in nodes(*body) if isinstance(node, ops.Return) and node.value is not None]
        if leave is None or not returned or _text(returned[0]) == "self":
            return None
        origin = self._origins.origin(enter, returned[0])
        if origin is None:
            return None
        session = self._kept_as(enter, returned[0])
        facts = self._names.function(leave)
        done = {kind: any(self._does(leave, call, session, kind, 0) for call in calls(facts.body)) for kind in _WRITTEN}
        is_kept = self._is_made_in(enter, returned[0])
        return Scope(
            function=enter,
            qualname=self._names.facts[owner.file].classes[owner.index].qualname,
            is_async=is_async,
            commits=done["commit"],
            rolls_back=done["rollback"],
            closes=done["close"],
            expires=done["commit"] and origin.expires,
            errors=self._exit_errors(leave),
            is_request_bound=self._is_request_bound(enter, origin) or self._is_request_bound(leave, None),
            is_shared=not is_kept and origin.kind != "new",
            is_of_object=self._is_of_object(enter, returned[0]),
        )

    def _is_of_object(self, enter: FunctionId, returned: Expr) -> bool:
        """Whether each object makes the session that it keeps: `self.session = SessionLocal()`, in `__init__` as well."""
        if not isinstance(returned, ops.Attribute) or _text(returned) != f"self.{returned.name}":
            return False
        values = self._origins.assigned_to_self(enter, returned.name)
        found = [self._origins.origin(place, value) for place, value in values if not is_none(value)]
        return bool(found) and all(origin is not None and origin.kind == "new" for origin in found)

    def _kept_as(self, enter: FunctionId, returned: Expr) -> str:
        """How `__exit__` knows the session: the attribute of `self` that it is, or is also assigned to."""
        written = _text(returned)
        if written.startswith("self."):
            return written
        for node in nodes(*self._names.function(enter).body):
            if isinstance(node, ops.Assign):
                texts = [_text(target) for target in node.targets]
                kept = next((text for text in texts if text.startswith("self.")), "")
                if kept and (written in texts or (written and _text(node.value) == written)):
                    return kept
        return written

    def _is_made_in(self, enter: FunctionId, returned: Expr) -> bool:
        """Whether `__enter__` itself makes the session that it returns."""
        kept = {_text(returned), self._kept_as(enter, returned)}
        for node in nodes(*self._names.function(enter).body):
            if isinstance(node, ops.Assign) and not kept.isdisjoint(map(_text, node.targets)):
                origin = self._origins.origin(enter, node.value)
                if origin is not None and origin.kind == "new":
                    return True
        return False

    def _exit_errors(self, leave: FunctionId) -> str:
        facts = self._names.function(leave)
        if any(isinstance(node, ops.Return) and literal(node.value) is True for node in nodes(*facts.body)):
            return "swallowed"
        return "translated" if "translated" in ways_out(facts.body, "") else "same"

    # -- functions that return a scope ----------------------------------------------------------------------------

    def _of_return(self, function: FunctionId) -> Scope | None:
        facts = self._names.function(function)
        value = next(statement.value for statement in facts.body if isinstance(statement, ops.Return))
        assert value is not None
        delegate = self._delegate(function, value)
        if delegate is not None:
            if delegate.function in self._yielded:
                self._yielded[function] = self._yielded[delegate.function]
            return replace(delegate, function=function, qualname=facts.qualname)
        origin = self._origins.origin(function, value)
        if origin is None or not origin.transaction:
            return None
        bound = self._is_request_bound(function, origin)
        return Scope(function, facts.qualname, False, True, True, True, origin.expires, "same", bound, False, begins=True)


def _delegated(scope: Scope, inner: Scope) -> Scope:
    """A scope whose session is another scope's: what that one does is done too."""
    return replace(
        scope,
        commits=scope.commits or inner.commits,
        rolls_back=scope.rolls_back or inner.rolls_back,
        closes=scope.closes or inner.closes,
        expires=scope.expires or inner.expires,
        errors=inner.errors if scope.errors == "same" else scope.errors,
        is_request_bound=scope.is_request_bound or inner.is_request_bound,
        is_shared=inner.is_shared,
        begins=scope.begins or inner.begins,
    )


def _text(expression: Expr | None) -> str:
    """A chain of attributes as written, empty for anything else."""
    if isinstance(expression, ops.Name):
        return expression.id
    if isinstance(expression, ops.Attribute):
        owner = _text(expression.value)
        return f"{owner}.{expression.name}" if owner else ""
    return ""
