"""Who would notice if a scope raised an error of its own in place of the one that passes it: handlers here, in callers, in decorators,
in the framework."""

from __future__ import annotations

from collections.abc import Iterable

from sessionlint.facts import FileFacts, ops
from sessionlint.facts.ops import Stmt
from sessionlint.facts.walk import statements
from sessionlint.link import FunctionId, FunctionSymbol, Program
from sessionlint.rewrite.codemods.scope.errors import BROAD, DATABASE_ERRORS, caught_types, is_broad
from sessionlint.rewrite.codemods.scope.shapes import Shape, is_rollback
from sessionlint.rewrite.codemods.scope.tables import LOG_METHODS
from sessionlint.rewrite.reading.callers import DEPTH, Callers
from sessionlint.rewrite.reading.walk import dotted, headers, is_inside, read_names, walk

DATABASE, OTHER = "database", "other"
EVERYTHING = frozenset({DATABASE, OTHER})


class Observers:
    """Looks for the first one who would notice."""

    def __init__(self, program: Program, callers: Callers) -> None:
        self.program, self.callers = program, callers

    def of(self, function: FunctionId, shape: Shape) -> str:
        """Why a translating scope would change behaviour at this site; empty if nobody would notice."""
        inside = shape.attempt if shape.kind == "try" else None
        handlers = [h for h in inside.handlers if h not in shape.dropped] if inside is not None else []
        leaving = frozenset(EVERYTHING)
        if inside is None or not self._works_outside(function, shape, inside, handlers):
            for handler in handlers:
                leaving -= self._absorbed(handler)
        raised = self._raised(shape, inside)
        if raised:
            return raised
        if not leaving:
            return ""
        return self._around(function, shape.statement, leaving, 0, set())

    def _works_outside(self, function: FunctionId, shape: Shape, inside: ops.Try, handlers: list[ops.Handler]) -> bool:
        """Whether errors may also come from where the handlers do not reach: in front of the `try`, its `else`, and handlers themselves."""
        facts = self.program.files[function.file].facts
        beside = statements((*shape.between, *inside.orelse))
        if any(isinstance(node, ops.Call) for statement in beside for node in walk(*headers(statement))):
            return True
        rest = (s for handler in handlers for s in statements(handler.body) if not is_rollback(s, shape.name))
        return any(shape.name in read_names(facts, *headers(s)) for s in rest)

    def _raised(self, shape: Shape, inside: ops.Try | None) -> str:
        """An error that the block raises itself is meant for somebody."""
        if inside is not None and any(is_broad(h) and not reraises(h) for h in inside.handlers):
            body: Iterable[Stmt] = (*shape.between, *inside.orelse, *(s for h in inside.handlers for s in h.body))
        else:
            body = shape.region
        for statement in statements(body):
            if isinstance(statement, ops.Raise) and statement.error is not None:
                return f"it raises `{dotted(statement.error).removesuffix('()')}`, which the scope would replace by an error of its own"
            for node in walk(*headers(statement)):
                if isinstance(node, ops.Call) and dotted(node.func).rpartition(".")[2] in (
                    "abort",
                    "get_or_404",
                    "first_or_404",
                    "one_or_404",
                ):
                    return f"`{dotted(node.func)}()` leaves by an exception, which the scope would replace by an error of its own"
        return ""

    def _absorbed(self, handler: ops.Handler) -> frozenset[str]:
        if reraises(handler):
            return frozenset()
        if is_broad(handler):
            return EVERYTHING
        return frozenset({DATABASE}) if "SQLAlchemyError" in caught_types(handler) else frozenset()

    def _around(self, function: FunctionId, node: ops.Call | Stmt, leaving: frozenset[str], depth: int, seen: set[FunctionId]) -> str:
        """Follow an exception outwards from a place: through the enclosing handlers, then to the callers."""
        chain = self.callers.around(function, node)
        for suite, _ in chain:
            if suite.kind != "body" or not isinstance(suite.owner, ops.Try):
                continue
            for handler in suite.owner.handlers:
                noticed = self._notices(function, handler, leaving)
                if noticed:
                    return noticed
                leaving -= self._absorbed(handler)
            if not leaving:
                return ""
        return self._outside(function, leaving, depth, seen)

    def _notices(self, function: FunctionId, handler: ops.Handler, leaving: frozenset[str]) -> str:
        where = f"{function.file}:{handler.at.row}"
        for name in caught_types(handler):
            if name in BROAD:
                if shows(self.program.files[function.file].facts, handler):
                    return f"the handler at {where} passes the error on, which the scope would replace by one of its own"
            elif (name in DATABASE_ERRORS and DATABASE in leaving) or (name not in DATABASE_ERRORS and OTHER in leaving):
                return f"the handler at {where} catches `{name}`, which the scope would replace by an error of its own"
        return ""

    def _outside(self, function: FunctionId, leaving: frozenset[str], depth: int, seen: set[FunctionId]) -> str:
        if function in seen or depth > DEPTH:
            return ""
        seen.add(function)
        found = self._decorators(function, leaving) or self._framework(function, leaving)
        if found:
            return found
        for site in self.callers.of(function):
            found = self._around(site.function, site.call, leaving, depth + 1, seen)
            if found:
                return found
        return ""

    def _decorators(self, function: FunctionId, leaving: frozenset[str]) -> str:
        for decorator in self.program.function(function).decorators:
            symbol = self.program.resolve(function, decorator.func if isinstance(decorator, ops.Call) else decorator)
            if isinstance(symbol, FunctionSymbol):
                found = self._wrapper(symbol.id, leaving)
                if found:
                    return found
        return ""

    def _wrapper(self, decorator: FunctionId, leaving: frozenset[str]) -> str:
        """The handlers around the call of the decorated function in the functions nested in its decorator."""
        functions = self.program.files[decorator.file].facts.functions
        inner = [i for i, f in enumerate(functions) if i == decorator.index or is_inside(functions, i, decorator.index)]
        parameters = {p.name for i in inner for p in functions[i].parameters}
        for index in inner:
            for attempt in statements(functions[index].body):
                if isinstance(attempt, ops.Try) and parameters & {
                    dotted(node.func) for node in walk(*attempt.body) if isinstance(node, ops.Call)
                }:
                    for handler in attempt.handlers:
                        found = self._notices(FunctionId(decorator.file, index), handler, leaving)
                        if found:
                            return found
        return ""

    def _framework(self, function: FunctionId, leaving: frozenset[str]) -> str:
        if not self.callers.routes(function) or DATABASE not in leaving:
            return ""
        for where, name in self._registered:
            if name in DATABASE_ERRORS:
                return f"the application's error handler at {where} catches `{name}`, which the scope would replace by an error of its own"
        return ""

    @property
    def _registered(self) -> list[tuple[str, str]]:
        """`@app.errorhandler(Type)` and `app.register_error_handler(Type, …)`: place and type."""
        found = []
        for name in ("errorhandler", "app_errorhandler", "register_error_handler"):
            for function, call in self.callers.named(name):
                if call.args:
                    found.append((f"{function.file}:{call.at.row}", dotted(call.args[0]).rpartition(".")[2]))
        return found


def reraises(handler: ops.Handler) -> bool:
    """Whether the handler raises again, whatever it is."""
    return any(isinstance(s, ops.Raise) for s in statements(handler.body))


def shows(facts: FileFacts, handler: ops.Handler) -> bool:
    """Whether the handler uses the error for more than the log, so that its type or text reaches somebody."""
    if not handler.name:
        return False
    for statement in statements(handler.body):
        if _is_log(statement):
            continue
        if handler.name in read_names(facts, *headers(statement)):
            return True
    return False


def _is_log(statement: Stmt) -> bool:
    match statement:
        case ops.Evaluate(value=ops.Call(func=ops.Attribute(value=holder, name=name))):
            return name in LOG_METHODS and "log" in dotted(holder).lower()
        case ops.Evaluate(value=ops.Call(func=ops.Name(id="print"))):
            return False
        case _:
            return False
