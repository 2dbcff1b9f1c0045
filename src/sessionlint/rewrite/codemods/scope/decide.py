"""Whether and how a site is rewritten: the questions in their order, each with the refusal it may end in. Entry point: `Decider.decide`."""

from __future__ import annotations

from sessionlint.facts import FileFacts, FunctionFacts, ops
from sessionlint.facts.ops import Stmt
from sessionlint.link import Acquisition, Program
from sessionlint.rewrite.codemod import FileEdit, Refusal
from sessionlint.rewrite.codemods.scope.callers import Callers
from sessionlint.rewrite.codemods.scope.choose import Chooser, Site, strategy_of
from sessionlint.rewrite.codemods.scope.decision import Decision, Managed, Target
from sessionlint.rewrite.codemods.scope.edit import Writer, handler_uses_session
from sessionlint.rewrite.codemods.scope.effects import effect_of, settle
from sessionlint.rewrite.codemods.scope.evaluate import Frame
from sessionlint.rewrite.codemods.scope.liveness import closed_over, live_after
from sessionlint.rewrite.codemods.scope.pending import Pending, pending_exits
from sessionlint.rewrite.codemods.scope.reach import Reached
from sessionlint.rewrite.codemods.scope.services import Service
from sessionlint.rewrite.codemods.scope.shapes import Shape, find_shape, settle_region
from sessionlint.rewrite.codemods.scope.summaries import Calls
from sessionlint.rewrite.codemods.scope.values import SESSION
from sessionlint.rewrite.codemods.scope.walk import bound_names, read_names, statements, walk
from sessionlint.rewrite.edit import LineEdits

OUTLIVES = "what outlives a scope that commits and closes is expired and detached"


class Decider:
    """Decides the sites of one program; what it learns of the callers is shared."""

    def __init__(self, program: Program, target: Target) -> None:
        self.program, self.target = program, target
        self.callers = Callers(program)
        self.chooser = Chooser(program, self.callers)

    def decide(self, site: Acquisition) -> Decision:
        """What becomes of a site."""
        strategy = strategy_of(site, self.program, self.target, self.callers)
        if strategy.refusal is not None:
            return Decision(site, strategy.kind, strategy.refusal)
        facts = self.program.files[site.function.file].facts
        function = self.program.function(site.function)
        shape = find_shape(function, facts, site.at.range, self.target.closers)
        if isinstance(shape, Refusal):
            return Decision(site, strategy.kind, shape)
        if strategy.kind == "service":
            shape.dropped = []
        frame = Frame(Calls(self.program), site.function, {shape.name: SESSION} if shape.name else {})
        refusal = self._unfit_shape(function, facts, shape, frame)
        if refusal is not None:
            return Decision(site, strategy.kind, refusal)
        closing = {id(inner) for statement in shape.closing for inner in statements((statement,))}
        gone = closing | {id(inner) for handler in shape.dropped for inner in statements(handler.body)}
        inside = [*(s for s in statements(shape.region) if id(s) not in gone), *((shape.statement,) if shape.kind == "with" else ())]
        effects = [effect_of(frame, statement) for statement in inside]
        writes, ends, begins = (any(getattr(e, kind) for e in effects) for kind in ("writes", "may_end", "begins"))
        wanted = Site(site.function, shape, writes, ends, begins)
        if strategy.kind == "service":
            reached: Reached | Service | Refusal = self.chooser.choose_service(wanted, strategy, self.target.lines)
        else:
            reached = self.chooser.choose(wanted, strategy)
        if isinstance(reached, Refusal):
            return Decision(site, strategy.kind, reached)
        pending = pending_exits(frame, shape.region, closing) if reached.scope.commits and shape.name else Pending()
        if pending.obstacle:
            return Decision(site, strategy.kind, Refusal("pending", pending.obstacle))
        writer = Writer(shape, self.target.lines[site.at.file], _names(facts, function), reached.text, LineEdits())
        written = writer.write(pending)
        return Decision(site, strategy.kind, written if isinstance(written, Refusal) else _edit(written, reached))

    def _unfit_shape(self, function: FunctionFacts, facts: FileFacts, shape: Shape, frame: Frame) -> Refusal | None:
        if function.name == "<module>":
            return Refusal("module-level", "it is taken at module level, and what the block binds there is everybody's")
        if any(isinstance(node, ops.Global) and shape.name in node.names for node in walk(*function.body)):
            return Refusal("stored", f"`{shape.name}` is declared global or nonlocal, so others use the session too")
        rest = shape.suite.statements[shape.index + 1 :]
        settle(frame, rest if shape.kind in ("plain", "inner") else shape.region)
        tied = {name for name, value in frame.env.items() if value.is_tied}
        refusal = settle_region(shape, facts, tied, self.target.closers)
        if refusal is not None:
            return refusal
        if any(shape.name in bound_names(s, facts) for s in statements(shape.region)):
            return Refusal("rebound", f"`{shape.name}` is assigned again inside the block")
        before = shape.suite.statements[: shape.index] if shape.kind == "inner" else ()
        if any(shape.name in read_names(facts, s) | bound_names(s, facts) for s in statements(before)):
            return Refusal("rebound", f"`{shape.name}` is another session before, which the same `finally` closes")
        if shape.kind == "inner" and shape.attempt and handler_uses_session(shape.attempt, shape.name, facts):
            return Refusal("handler-uses-session", "a handler that must also see a failing acquisition goes on using the session")
        return self._escapes(function, facts, shape, frame)

    def _escapes(self, function: FunctionFacts, facts: FileFacts, shape: Shape, frame: Frame) -> Refusal | None:
        closing = {id(inner) for statement in shape.closing for inner in statements((statement,))}
        for statement in statements(shape.region):
            for escape in effect_of(frame, statement).escapes if id(statement) not in closing else ():
                return Refusal("escapes", f"line {escape.at.row}: {escape.text}; {OUTLIVES}")
        for node in walk(*function.body):
            if isinstance(node, ops.Global):
                for name in node.names:
                    if name in frame.env and frame.env[name].is_tied:
                        return Refusal("escapes", f"`{name}` outlives the function; {OUTLIVES}")
        assert shape.last is not None
        live = live_after(function.body, shape.last, facts, lambda s: id(s) in closing or _rolls_back(shape, s))
        inside = {id(s) for s in statements(shape.region)}
        elsewhere = tuple(s for s in statements(function.body) if isinstance(s, ops.FunctionDef | ops.ClassDef) and id(s) not in inside)
        live |= closed_over(elsewhere, facts)
        if shape.name in live:
            return Refusal("used-after", f"`{shape.name}` is used after the place where the block would end")
        for name in sorted(live):
            if name in frame.env and frame.env[name].is_tied and not _is_expunged(shape, name):
                return Refusal("escapes", f"`{name}` is read after the block; {OUTLIVES}")
        return None


def _edit(written: LineEdits, reached: Reached | Service) -> Managed:
    if isinstance(reached, Service):
        return Managed(reached.text, FileEdit(written, additions=reached.additions))
    return Managed(reached.text, FileEdit(written, imports=(reached.new_import,) if reached.new_import is not None else ()))


def _rolls_back(shape: Shape, statement: Stmt) -> bool:
    """A `rollback()` in a handler around the block goes with the session."""
    match statement:
        case ops.Evaluate(value=ops.Call(func=ops.Attribute(value=ops.Name(id=holder), name="rollback"))):
            return holder == shape.name and shape.kind in ("inner", "plain")
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


def _names(facts: FileFacts, function: FunctionFacts) -> frozenset[str]:
    return frozenset(name for f in facts.functions for name in f.names) | frozenset(function.names)
