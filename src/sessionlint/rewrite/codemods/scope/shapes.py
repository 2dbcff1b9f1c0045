"""The form in which a function takes and gives back its session: what is to stand in the block, and what the block makes superfluous."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace

from sessionlint.facts import FileFacts, FunctionFacts, ops
from sessionlint.facts.ops import Expr, Stmt
from sessionlint.facts.walk import statements
from sessionlint.rewrite.codemod import Refusal
from sessionlint.rewrite.codemods.scope.errors import is_broad
from sessionlint.rewrite.reading.walk import Suite, blocks, dotted, headers, leaves, read_names, suites, walk
from sessionlint.source import Range


@dataclass(slots=True)
class Shape:
    """`kind` is `with` (already in a with item), `try` (taken before the `try` whose `finally` closes it), `entered` (the same, but to be
    taken inside that `try`, see `entered_inside`), `inner` (taken inside that `try`) or `plain`.

    `region` are the statements that will stand in the block, `last` the statement after which the session is gone, `between` those between
    acquisition and `try`, `attempt` the `try` with the closing `finally`, `closing` the statements that close it (and will go),
    `dropped` handlers that
    only do what the scope does.
    """

    kind: str
    name: str
    suite: Suite
    index: int
    statement: Stmt
    context: Expr
    region: tuple[Stmt, ...] = ()
    last: Stmt | None = None
    between: tuple[Stmt, ...] = ()
    attempt: ops.Try | None = None
    closing: list[Stmt] = field(default_factory=list)
    dropped: list[ops.Handler] = field(default_factory=list)


Closing = Callable[[Stmt], bool]


def is_closing(statement: Stmt, name: str, closers: tuple[str, ...]) -> bool:
    """Whether the statement does nothing but close the session (`if session: session.close()`, `db_manager.close_session(session)` too)."""
    match statement:
        case ops.Evaluate(value=ops.Call(func=ops.Attribute(value=ops.Name(id=holder), name="close"), args=())):
            return holder == name
        case ops.Evaluate(value=ops.Call(func=func, args=(ops.Name(id=holder),))):
            return holder == name and any(("." + dotted(func)).endswith("." + closer) for closer in closers)
        case ops.If(test=test, body=body, orelse=()):
            return is_presence(test, name) and all(is_closing(s, name, closers) for s in body)
        case ops.Try(body=body, handlers=handlers, orelse=(), finalbody=()):
            return all(is_closing(s, name, closers) for s in body) and all(not h.body for h in handlers)
        case _:
            return False


def is_rollback(statement: Stmt, name: str) -> bool:
    """Whether the statement does nothing but roll back (`if session: session.rollback()` too)."""
    match statement:
        case ops.Evaluate(value=ops.Call(func=ops.Attribute(value=ops.Name(id=holder), name="rollback"))):
            return holder == name
        case ops.If(test=test, body=body, orelse=()):
            return is_presence(test, name) and all(is_rollback(s, name) for s in body)
        case _:
            return False


def is_presence(test: Expr, name: str) -> bool:
    """`if session:` or `if session is not None:`."""
    match test:
        case ops.Name(id=id):
            return id == name
        case ops.Compare(left=ops.Name(id=id), operators=("is not" | "!=",), comparators=(ops.Constant(value=None),)):
            return id == name
        case _:
            return False


def find_shape(function: FunctionFacts, facts: FileFacts, at: Range, closers: tuple[str, ...]) -> Shape | Refusal:
    """The shape of the acquisition at `at`, or why it has none that can be rewritten."""
    for suite in suites(function.body):
        for index, statement in enumerate(suite.statements):
            if any(isinstance(node, ops.Call) and node.at == at for node in walk(*headers(statement))):
                return _shape_of(suite, index, statement, facts, at, closers)
    return Refusal("nested-expression", "the session is taken in a default, a decorator or an annotation")


def _shape_of(suite: Suite, index: int, statement: Stmt, facts: FileFacts, at: Range, closers: tuple[str, ...]) -> Shape | Refusal:
    match statement:
        case ops.Assign(targets=(ops.Name(id=name),), value=ops.Call() as value) if value.at == at:
            return _assigned(suite, index, statement, name, facts, closers)
        case ops.With(items=items, is_async=False):
            for item in items:
                shape = _with_item(suite, index, statement, item, at)
                if shape is not None:
                    return shape
        case ops.Return(value=ops.Call() as value) if value.at == at:
            return Refusal("returned", "the session is handed to the caller")
        case ops.Assign(value=ops.Call() as value) if value.at == at:
            return Refusal("stored", "the session is stored in something other than one local variable")
        case _:
            pass
    return Refusal("unnamed", "the session is used without being given a name, so there is nothing a `with` could bind")


def _with_item(suite: Suite, index: int, statement: ops.With, item: ops.WithItem, at: Range) -> Shape | None:
    match item.context:
        case ops.Call(at=place) if place == at:
            pass
        case ops.Call(func=func, args=(ops.Call(at=place),), keywords=()) if place == at and dotted(func).rpartition(".")[2] == "closing":
            pass
        case _:
            return None
    name = item.target.id if isinstance(item.target, ops.Name) else ""
    return Shape("with", name, suite, index, statement, item.context, statement.body, statement)


def _assigned(suite: Suite, index: int, statement: ops.Assign, name: str, facts: FileFacts, closers: tuple[str, ...]) -> Shape | Refusal:
    assert statement.value is not None
    shape = Shape("plain", name, suite, index, statement, statement.value)
    rest = suite.statements[index + 1 :]
    for offset, other in enumerate(rest):
        if isinstance(other, ops.Try) and any(is_closing(s, name, closers) for s in other.finalbody):
            return _with_finally(shape, rest[:offset], other, name, closers)
    owner = suite.owner
    if suite.kind == "body" and isinstance(owner, ops.Try) and any(is_closing(s, name, closers) for s in owner.finalbody):
        shape.kind, shape.attempt = "inner", owner
        shape.closing = [s for s in owner.finalbody if is_closing(s, name, closers)]
        refusal = _bad_finally(owner, shape.closing)
        if refusal is not None:
            return refusal
    return shape


def _with_finally(shape: Shape, between: tuple[Stmt, ...], attempt: ops.Try, name: str, closers: tuple[str, ...]) -> Shape | Refusal:
    shape.kind, shape.between, shape.attempt, shape.last = "try", between, attempt, attempt
    shape.region = (*between, attempt)
    shape.closing = [s for s in attempt.finalbody if is_closing(s, name, closers)]
    while len(shape.dropped) < len(attempt.handlers) and not attempt.orelse:
        handler = attempt.handlers[-1 - len(shape.dropped)]
        if not _only_rolls_back(handler, name):
            break
        shape.dropped.append(handler)
    if shape.dropped and len(shape.dropped) < len(attempt.handlers) and not all(map(is_broad, shape.dropped)):
        shape.dropped = []
    return _bad_finally(attempt, shape.closing) or shape


def entered_inside(shape: Shape) -> Shape | None:
    """The shape in which the block stands inside the `try`, so that its handlers see a scope that cannot be entered; None where something
    but a handler would run after the block."""
    attempt = shape.attempt
    if shape.kind != "try" or attempt is None or attempt.orelse or shape.between or len(attempt.finalbody) != len(shape.closing):
        return None
    return replace(shape, kind="entered", region=attempt.body, last=attempt.body[-1], dropped=[])


def _only_rolls_back(handler: ops.Handler, name: str) -> bool:
    match handler.body:
        case (
            ops.Evaluate(value=ops.Call(func=ops.Attribute(value=ops.Name(id=holder), name="rollback"), args=())),
            ops.Raise(error=None),
        ):
            return holder == name
        case _:
            return False


def _bad_finally(attempt: ops.Try, closing: list[Stmt]) -> Refusal | None:
    for statement in statements(attempt.finalbody):
        if isinstance(statement, ops.Return | ops.Break | ops.Continue):
            word = type(statement).__name__.lower()
            return Refusal("leaves-finally", f"`{word}` in `finally` swallows exceptions, which a `with` block does not")
    last = max(attempt.finalbody.index(s) for s in closing)
    if last != len(attempt.finalbody) - 1:
        return Refusal("after-close", "`finally` goes on after closing the session, which would come before it in a `with` block")
    return None


def settle_region(shape: Shape, facts: FileFacts, tied: set[str], closers: tuple[str, ...]) -> Refusal | None:
    """Decide how far the block of a `plain` or `inner` shape reaches: to the last statement that mentions the session or what is tied
    to it."""
    if shape.kind not in ("plain", "inner"):
        return None
    rest = shape.suite.statements[shape.index + 1 :]
    wanted = tied | {shape.name}
    last = max((i for i, s in enumerate(rest) if read_names(facts, s) & wanted), default=-1)
    if last < 0:
        if _is_used_around(shape, facts):
            return Refusal("conditional", "it is taken in a branch, and what follows uses it or a session that came from elsewhere")
        return Refusal("unused", "the session is never used")
    region = rest[: last + 1]
    first_close = next((i for i, s in enumerate(region) if is_closing(s, shape.name, closers)), -1)
    if shape.kind == "plain" and first_close >= 0:
        if any(shape.name in read_names(facts, s) for s in region[first_close + 1 :]):
            return Refusal("closed-midway", "the session is used again after it was closed")
        shape.closing.append(region[first_close])
        shape.region, shape.last = region[:first_close], region[first_close]
    else:
        shape.region, shape.last = region, region[-1]
    if not shape.region:
        return Refusal("unused", "the session is closed without being used")
    for statement in shape.region:
        _superfluous(statement, shape, facts, closers)
    return None


def _is_used_around(shape: Shape, facts: FileFacts) -> bool:
    suite = shape.suite
    while suite.parent is not None:
        if any(shape.name in read_names(facts, s) for s in suite.parent.statements[suite.index + 1 :]):
            return True
        suite = suite.parent
    return False


def _superfluous(statement: Stmt, shape: Shape, facts: FileFacts, closers: tuple[str, ...]) -> None:
    """A `close()` in a nested block after which the function is left is superfluous."""
    for _, block in blocks(statement):
        for index, inner in enumerate(block):
            if is_closing(inner, shape.name, closers):
                after = block[index + 1 :]
                if leaves(after) and not any(shape.name in read_names(facts, s) for s in after):
                    shape.closing.append(inner)
            else:
                _superfluous(inner, shape, facts, closers)
