"""What leaves the block: whether it may, and on which ways out `expunge_all()` has to leave it as `close()` left it.
Entry point: `find_leaving`."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from sessionlint.facts import FileFacts, FunctionFacts, ops
from sessionlint.facts.ops import Stmt
from sessionlint.facts.walk import statements
from sessionlint.rewrite.codemod import Refusal
from sessionlint.rewrite.codemods.scope.effects import Escape, effect_of
from sessionlint.rewrite.codemods.scope.evaluate import Frame
from sessionlint.rewrite.codemods.scope.liveness import closed_over, live_after
from sessionlint.rewrite.codemods.scope.shapes import Shape
from sessionlint.rewrite.codemods.scope.values import Value
from sessionlint.rewrite.reading.walk import blocks, walk

OUTLIVES = "what outlives a scope that commits and closes is expired and detached"


@dataclass(slots=True)
class Leaving:
    """`returned` are the ids of `return` statements that hand out instances; `after` is whether code after the block reads some."""

    returned: set[int] = field(default_factory=set)
    after: bool = False

    def __bool__(self) -> bool:
        return self.after or bool(self.returned)


def find_leaving(function: FunctionFacts, facts: FileFacts, shape: Shape, frame: Frame) -> Leaving | Refusal:
    """What leaves the block, or why it may not.

    Instances that were detached by `close()` are as they were if the session forgets them before the scope commits. The session itself,
    queries, functions that use it, and what is stored anywhere must not outlive the block.
    """
    closing = {id(inner) for statement in shape.closing for inner in statements((statement,))}
    leaving = Leaving()
    for statement in statements(shape.region):
        for escape in effect_of(frame, statement).escapes if id(statement) not in closing else ():
            if not _may_return(frame, shape, statement, escape, closing):
                return Refusal("escapes", f"line {escape.at.row}: {escape.text}; {OUTLIVES}")
            leaving.returned.add(id(statement))
    for node in walk(*function.body):
        if isinstance(node, ops.Global):
            for name in node.names:
                if name in frame.env and frame.env[name].is_tied:
                    return Refusal("escapes", f"`{name}` outlives the function; {OUTLIVES}")
    return _read_later(function, facts, shape, frame, leaving, closing)


def _read_later(
    function: FunctionFacts, facts: FileFacts, shape: Shape, frame: Frame, leaving: Leaving, closing: set[int]
) -> Leaving | Refusal:
    assert shape.last is not None
    normal, raised = live_after(function.body, shape.last, facts, lambda s: id(s) in closing or _rolls_back(shape, s))
    inside = {id(s) for s in statements(shape.region)}
    elsewhere = tuple(s for s in statements(function.body) if isinstance(s, ops.FunctionDef | ops.ClassDef) and id(s) not in inside)
    raised |= closed_over(elsewhere, facts)
    if shape.name in normal | raised:
        return Refusal("used-after", f"`{shape.name}` is used after the place where the block would end")
    for name in sorted(normal | raised):
        if name not in frame.env or not frame.env[name].is_tied or _is_expunged(shape, name):
            continue
        if name in raised or not _is_loose(frame.env[name]) or not _is_closed_there(shape):
            return Refusal("escapes", f"`{name}` is read after the block; {OUTLIVES}")
        leaving.after = True
    return leaving


def _may_return(frame: Frame, shape: Shape, statement: Stmt, escape: Escape, closing: set[int]) -> bool:
    """Whether a `return` hands out instances alone, on a way on which the session is closed and nobody looks at them in between."""
    if not isinstance(statement, ops.Return) or not escape.is_returned or not _is_loose(frame.value(statement.value)):
        return False
    if shape.kind == "plain" or any(inner is statement for inner in statements(shape.between)):
        return False
    around = [s for s in statements(shape.region) if any(inner is statement for _, block in blocks(s) for inner in statements(block))]
    if shape.kind == "inner" and shape.attempt is not None:
        around.append(shape.attempt)
    for outer in around:
        if isinstance(outer, ops.With) and frame.tied(*outer.items):
            return False
        if isinstance(outer, ops.Try) and frame.tied(*(s for s in outer.finalbody if id(s) not in closing)):
            return False
    return True


def _is_loose(value: Value) -> bool:
    """Whether it is made of instances, and of nothing that holds the session itself."""
    if value.kind == "container":
        return value.element is not None and _is_loose(value.element)
    return value.kind == "instance" or not value.is_tied


def _is_closed_there(shape: Shape) -> bool:
    """Whether the session is closed on every way by which code after the block is reached."""
    if shape.kind != "plain":
        return True
    return any(statement is shape.last for statement in shape.closing) and not _leaves_loop(shape.region)


def _leaves_loop(body: Iterable[Stmt]) -> bool:
    """Whether a `break` or `continue` leaves the block."""
    for statement in body:
        if isinstance(statement, ops.Break | ops.Continue):
            return True
        if not isinstance(statement, ops.For | ops.While) and any(_leaves_loop(block) for _, block in blocks(statement)):
            return True
    return False


def _rolls_back(shape: Shape, statement: Stmt) -> bool:
    """A `rollback()` in a handler around the block goes with the session."""
    match statement:
        case ops.Evaluate(value=ops.Call(func=ops.Attribute(value=ops.Name(id=holder), name="rollback"))):
            return holder == shape.name and shape.kind in ("inner", "plain", "entered")
        case _:
            return False


def _is_expunged(shape: Shape, name: str) -> bool:
    """Whether the block ends by taking the instance out of the session, which leaves it as it is."""
    body = shape.attempt.body if shape.kind == "try" and shape.attempt is not None else shape.region
    for statement in reversed(body):
        match statement:
            case ops.Evaluate(value=ops.Call(func=ops.Attribute(value=ops.Name(id=holder), name="expunge"), args=(ops.Name(id=one),))):
                if holder == shape.name and one == name:
                    return True
            case ops.Evaluate(value=ops.Call(func=ops.Attribute(value=ops.Name(id=holder), name="expunge_all"))) if holder == shape.name:
                return True
            case _:
                return False
    return False
