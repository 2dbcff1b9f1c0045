"""Whether and how a site is rewritten: the questions in their order, each with the refusal it may end in. Entry point: `Decider.decide`."""

from __future__ import annotations

from sessionlint.facts import FileFacts, FunctionFacts, ops
from sessionlint.facts.walk import statements
from sessionlint.link import Acquisition, Program
from sessionlint.rewrite.codemod import FileEdit, Refusal
from sessionlint.rewrite.codemods.scope.choose import CONNECTS, Chooser, Site, Strategy, strategy_of
from sessionlint.rewrite.codemods.scope.decision import Decision, Managed, Target
from sessionlint.rewrite.codemods.scope.edit import Writer, handler_uses_session
from sessionlint.rewrite.codemods.scope.effects import effect_of, settle
from sessionlint.rewrite.codemods.scope.evaluate import Frame
from sessionlint.rewrite.codemods.scope.leaving import OUTLIVES, find_leaving
from sessionlint.rewrite.codemods.scope.pending import Pending, pending_exits
from sessionlint.rewrite.codemods.scope.reach import Reached
from sessionlint.rewrite.codemods.scope.services import Service
from sessionlint.rewrite.codemods.scope.shapes import Shape, entered_inside, find_shape, settle_region
from sessionlint.rewrite.codemods.scope.summaries import Calls
from sessionlint.rewrite.codemods.scope.values import SESSION
from sessionlint.rewrite.edit import LineEdits
from sessionlint.rewrite.reading.callers import Callers
from sessionlint.rewrite.reading.walk import bound_names, read_names, walk


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
        decision = self._decide(site, strategy, shape, facts, function)
        inside = entered_inside(shape)
        if isinstance(decision.outcome, Refusal) and decision.outcome.code == CONNECTS and inside is not None:
            other = self._decide(site, strategy, inside, facts, function)
            return other if isinstance(other.outcome, Managed) else decision
        return decision

    def _decide(self, site: Acquisition, strategy: Strategy, shape: Shape, facts: FileFacts, function: FunctionFacts) -> Decision:
        frame = Frame(Calls(self.program), site.function, {shape.name: SESSION} if shape.name else {})
        refusal = self._unfit_shape(function, facts, shape, frame)
        leaving = refusal or find_leaving(function, facts, shape, frame)
        if isinstance(leaving, Refusal):
            return Decision(site, strategy.kind, leaving)
        closing = {id(inner) for statement in shape.closing for inner in statements((statement,))}
        gone = closing | {id(inner) for handler in shape.dropped for inner in statements(handler.body)}
        inside = [*(s for s in statements(shape.region) if id(s) not in gone), *((shape.statement,) if shape.kind == "with" else ())]
        effects = [effect_of(frame, statement) for statement in inside]
        writes, ends, begins = (any(getattr(e, kind) for e in effects) for kind in ("writes", "may_end", "begins"))
        wanted = Site(site.function, shape, writes, ends, begins, bool(leaving))
        if strategy.kind == "service":
            reached: Reached | Service | Refusal = self.chooser.choose_service(wanted, strategy, self.target.lines)
        else:
            reached = self.chooser.choose(wanted, strategy)
        if isinstance(reached, Refusal):
            return Decision(site, strategy.kind, reached)
        pending = pending_exits(frame, shape.region, closing, leaving) if reached.scope.commits and shape.name else Pending()
        if pending.obstacle:
            return Decision(site, strategy.kind, Refusal("pending", pending.obstacle))
        if pending.refused is not None:
            reason = f"line {pending.refused}: instances leave the block while changes are pending; {OUTLIVES}"
            return Decision(site, strategy.kind, Refusal("escapes", reason))
        writer = Writer(shape, self.target.lines[site.at.file], function.at.row, _names(facts, function), reached.text, LineEdits())
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
        if shape.kind in ("inner", "entered") and shape.attempt and handler_uses_session(shape.attempt, shape.name, facts):
            return Refusal("handler-uses-session", "a handler that must also see a failing acquisition goes on using the session")
        return None


def _edit(written: LineEdits, reached: Reached | Service) -> Managed:
    if isinstance(reached, Service):
        return Managed(reached.text, FileEdit(written, additions=reached.additions))
    return Managed(reached.text, FileEdit(written, imports=(reached.new_import,) if reached.new_import is not None else ()))


def _names(facts: FileFacts, function: FunctionFacts) -> frozenset[str]:
    return frozenset(name for f in facts.functions for name in f.names) | frozenset(function.names)
