"""What the handlers of a site see of a scope: that it cannot be entered, and errors of its own."""

from __future__ import annotations

from sessionlint.facts import FileFacts, ops
from sessionlint.facts.walk import statements
from sessionlint.link import FunctionId, Program, Scope
from sessionlint.rewrite.codemods.scope.errors import BROAD, caught_types, is_broad
from sessionlint.rewrite.codemods.scope.observers import reraises, shows
from sessionlint.rewrite.codemods.scope.shapes import Shape
from sessionlint.rewrite.reading.callers import Callers
from sessionlint.rewrite.reading.walk import headers, read_names, walk

_CONNECTS = frozenset({"execute", "scalar", "scalars", "connection", "connect"})
_OUTAGES = BROAD | {"SQLAlchemyError", "StatementError", "DBAPIError", "DatabaseError", "OperationalError", "InterfaceError"}


def missed_outage(program: Program, callers: Callers, function: FunctionId, shape: Shape, scope: Scope) -> int | None:
    """The row of the handler in the block that would not see the database being away any more, None where there is none."""
    if not _connects(program, scope):
        return None
    facts = program.files[function.file].facts
    inside = {id(statement) for statement in statements(shape.region)}
    for statement in statements(shape.region):
        if shape.name not in read_names(facts, *headers(statement)):
            continue
        for suite, _ in callers.around(function, statement):
            if suite.kind == "body" and isinstance(suite.owner, ops.Try) and id(suite.owner) in inside:
                for handler in suite.owner.handlers:
                    if handler not in shape.dropped and _OUTAGES & set(caught_types(handler)) and not _passes_on(handler):
                        return handler.at.row
        return None
    return None


def absorbs_unseen(shape: Shape, facts: FileFacts) -> bool:
    """Whether the handlers around the block end every error, whichever it is, and tell nobody but the log which it was."""
    assert shape.attempt is not None
    handlers = shape.attempt.handlers
    return bool(handlers) and all(is_broad(handler) and not reraises(handler) and not shows(facts, handler) for handler in handlers)


def _connects(program: Program, scope: Scope) -> bool:
    """Whether the scope runs a statement before it hands out its session."""
    nodes = list(walk(*program.function(scope.function).body))
    end = min((node.at.row for node in nodes if isinstance(node, ops.Yield)), default=0)
    calls = [node for node in nodes if isinstance(node, ops.Call) and isinstance(node.func, ops.Attribute) and node.func.name in _CONNECTS]
    return any(not end or call.at.row < end for call in calls)


def _passes_on(handler: ops.Handler) -> bool:
    """Whether all it does, besides a log perhaps, is to raise what it caught."""
    return bool(handler.body) and isinstance(handler.body[-1], ops.Raise) and handler.body[-1].error is None and len(handler.body) <= 3
