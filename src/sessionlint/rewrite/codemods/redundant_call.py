"""redundant-call: a `commit()` or `close()` that the scope around it makes anyway goes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from sessionlint.check.finding import Applicability, Finding
from sessionlint.facts import FunctionFacts, ops
from sessionlint.facts.ops import Expr, Stmt
from sessionlint.facts.walk import statements
from sessionlint.link import ClassId, ClassSymbol, FunctionId, FunctionSymbol, Program, Scope
from sessionlint.rewrite.codemod import Codemod, FileEdit, Proposal, Refusal, Spot
from sessionlint.rewrite.reading.deletion import deletion
from sessionlint.rewrite.reading.walk import Node, Suite, dotted, headers, suites, walk
from sessionlint.source import Range

_HOOKS = frozenset({"before_commit", "after_commit", "after_transaction_create", "after_transaction_end"})
_ENDING = frozenset({"commit", "close"})
_COUNTED = ("assert_", "called", "call_count", "side_effect")


@dataclass(frozen=True, slots=True)
class Entered:
    """A scope of the program, by the function that hands out the session. `owner` is the class of the object that is entered, if known;
    `scope` None where that hands out itself, with a session."""

    scope: Scope | None
    function: FunctionId
    owner: ClassId | None = None


class RedundantCall(Codemod):
    """Delete the call where nothing comes between it and the scope's own, and the scope's fails as the call would.

    A `commit()` stays where something follows it in the block, a log line included, for that would be done although the commit fails
    later on. A `close()` stays in a scope that commits, where there was no commit right before it: what the block has loaded would be
    expired.
    """

    name = "redundant-call"
    fixes = ("SES108",)

    def propose(self, spot: Spot) -> Proposal | Refusal:
        """The deletion of the call."""
        finding = spot.about
        assert isinstance(finding, Finding)
        assert finding.function is not None
        facts = self.program.function(finding.function)
        found = _statement(facts, finding.at.range)
        if found is None:
            return Refusal("no-call", "the call is no statement of its own")
        suite, index, call = found
        name = call.func.name if isinstance(call.func, ops.Attribute) else ""
        block = _block(suite, finding)
        if block is None:
            return Refusal("unknown-scope", "the scope is not a `with` around the call")
        objection = _observed(suite, index, block, name) or self._otherwise(finding.function, block, suite, index, call)
        objection = objection or self._counted(name)
        if objection is not None:
            return objection
        edits = deletion(self.context.lines[spot.file], suite.statements[index].at, is_alone=len(suite.statements) == 1)
        if edits is None:
            return Refusal("unclear-text", "the call is written in a way that cannot be taken apart")
        return Proposal({spot.file: FileEdit(edits)}, f"Delete `{name}()`", Applicability.SAFE)

    def _otherwise(self, function: FunctionId, block: ops.With, suite: Suite, index: int, call: ops.Call) -> Refusal | None:
        """Why the scope's own call is another than this one."""
        assert isinstance(call.func, ops.Attribute)
        session, name = dotted(call.func.value), call.func.name
        item = block.items[-1]
        is_begun = isinstance(item.context, ops.Call) and dotted(item.context.func) == f"{session}.begin"
        if not is_begun and not (isinstance(item.target, ops.Name) and item.target.id == session.partition(".")[0]):
            return Refusal("unknown-scope", f"`{session}` is not what the innermost scope hands out")
        kinds = self._scopes(function, item.context)
        if kinds is None:
            return Refusal("unknown-scope", "what the scope does when something fails is not known")
        if name == "commit":
            if not all(_always_commits(self.program, one) for one in kinds):
                return Refusal("own-condition", "the scope commits under a condition of its own, which may not hold then")
            if not all(_fails_alike(self.program, one) for one in kinds):
                return Refusal("other-errors", "an error of the scope's own commit would be treated in another way")
        elif self._expires(item.context, kinds) and not _is_committed(suite, index, session):
            return Refusal("expires", "the scope commits before it closes, which would expire what was loaded here")
        return None

    def _scopes(self, function: FunctionId, context: Expr) -> list[Entered] | None:
        """The program's scopes that `context` may enter, none for SQLAlchemy's own; None for what is not known."""
        if not isinstance(context, ops.Call):
            return None
        found = self.program.resolve(function, context.func)
        known = [Entered(scope, id) for id, scope in self.program.scopes.items()]
        match found:
            case FunctionSymbol(id=id):
                return [one for one in known if one.function == id] or None
            case ClassSymbol(id=id):
                enter = self.program.method(id, "__enter__") or self.program.method(id, "__aenter__")
                return [Entered(self.program.scopes.get(enter), enter, id)] if enter is not None else None
            case _:
                pass
        name = dotted(context.func).rpartition(".")[2]
        known = [one for one in known if self.program.function(one.function).name == name]
        return known if known or found is not None or name == "begin" else None

    def _expires(self, context: Expr, kinds: list[Entered]) -> bool:
        is_begin = isinstance(context, ops.Call) and dotted(context.func).endswith(".begin")
        return is_begin or any(one.scope is None or (one.scope.commits and one.scope.expires) for one in kinds)

    def _counted(self, name: str) -> Refusal | None:
        if name in self._watched:
            return Refusal("watched", f"the program counts on `{name}()` being called, in {self._watched[name]}")
        return None

    @cached_property
    def _watched(self) -> dict[str, str]:
        """Where mocks or event listeners of the program see each commit or close: by the method, `file:row`."""
        found: dict[str, str] = {}
        for file, module in sorted(self.program.files.items()):
            says_hook = any(self.context.lines.may_say(file, hook) for hook in _HOOKS)
            for index, facts in enumerate(module.facts.functions):
                names = {name for _, name in self.program.names.mentions(FunctionId(file, index))}
                is_counting = not names.isdisjoint(_ENDING) and any(name.startswith(_COUNTED) for name in names)
                if not is_counting and not (says_hook and any(map(facts.may_say, _HOOKS))):
                    continue
                for node in walk(*facts.body, *facts.decorators):
                    if isinstance(node, ops.Attribute) and node.name.startswith(_COUNTED) and isinstance(node.value, ops.Attribute):
                        found.setdefault(node.value.name, f"{file}:{node.at.row}")
                    elif isinstance(node, ops.Constant) and node.value in _HOOKS:
                        found.setdefault("commit", f"{file}:{node.at.row}")
        return {name: place for name, place in found.items() if name in _ENDING}


def _statement(facts: FunctionFacts, at: Range) -> tuple[Suite, int, ops.Call] | None:
    """The statement that is the call at a range, awaited or not, with its block."""
    for suite in suites(facts.body):
        for index, statement in enumerate(suite.statements):
            if isinstance(statement, ops.Evaluate):
                value = statement.value.value if isinstance(statement.value, ops.Await) else statement.value
                if isinstance(value, ops.Call) and at in (value.at, statement.value.at):
                    return suite, index, value
    return None


def _block(suite: Suite, finding: Finding) -> ops.With | None:
    """The `with` around the statement that the finding names as the scope."""
    entered = {related.at.range for related in finding.related}
    around: Suite | None = suite
    while around is not None:
        if isinstance(around.owner, ops.With):
            return around.owner if around.owner.at in entered else None
        around = around.parent
    return None


def _observed(suite: Suite, index: int, block: ops.With, name: str) -> Refusal | None:
    """What comes between the call and the end of the block, other than leaving it."""
    around, position, leaves = suite, index, False
    while True:
        for statement in () if leaves else around.statements[position + 1 :]:
            if not _is_leaving(statement):
                return Refusal("followed", f"what follows in the block would be done before `{name}()`")
            leaves = True
        owner = around.owner
        if owner is block or around.parent is None:
            return None
        if isinstance(owner, ops.For | ops.While) and not leaves:
            return Refusal("in-loop", "the loop may go on after it")
        if isinstance(owner, ops.Try) and owner.finalbody and around.kind != "finalbody":
            return Refusal("followed", f"the `finally` would be done before `{name}()`")
        around, position = around.parent, around.index


def _is_leaving(statement: Stmt) -> bool:
    """`return` or `pass`, with nothing that could fail or be seen."""
    return isinstance(statement, ops.Return) and (statement.value is None or _is_still(statement.value))


def _is_still(value: Expr) -> bool:
    match value:
        case ops.Name() | ops.Constant():
            return True
        case ops.Display(items=items):
            return all(_is_still(item) for item in items)
        case ops.DictDisplay(keys=keys, values=values):
            return all(isinstance(key, ops.Constant) for key in keys) and all(_is_still(item) for item in values)
        case _:
            return False


def _is_committed(suite: Suite, index: int, session: str) -> bool:
    """Whether the statement right before is a commit of the same session."""
    before = suite.statements[index - 1] if index else None
    if not isinstance(before, ops.Evaluate):
        return False
    value = before.value.value if isinstance(before.value, ops.Await) else before.value
    return isinstance(value, ops.Call) and dotted(value.func) == f"{session}.commit"


def _fails_alike(program: Program, entered: Entered) -> bool:
    """Whether a commit of the scope's own that fails meets the same handlers as one in its block."""
    owner = entered.owner or program.owner_of(entered.function)
    leaving = [program.method(owner, name) for name in ("__exit__", "__aexit__")] if owner is not None else []
    handed = [suite for suite, node in _nodes(program.function(entered.function)) if isinstance(node, ops.Yield)]
    if handed:
        committed = _commits(program.function(entered.function))
        return bool(committed) and all(_handlers(one) == _handlers(two) for one in handed for two in committed)
    committed = [suite for function in leaving if function is not None for suite in _commits(program.function(function))]
    swallows = any(_swallows(program.function(function)) for function in leaving if function is not None)
    return bool(committed) and not swallows and all(_is_closed_after(suite) for suite in committed)


def _always_commits(program: Program, entered: Entered) -> bool:
    """Whether the scope's own commit depends on nothing but its arguments, its object's attributes and the block's exception: not on
    whether the session has changes, which it has not any more after a flush."""
    owner = entered.owner or program.owner_of(entered.function)
    leaving = [program.method(owner, name) for name in ("__exit__", "__aexit__")] if owner is not None else []
    for function in dict.fromkeys([entered.function, *(id for id in leaving if id is not None)]):
        facts = program.function(function)
        given = {parameter.name for parameter in facts.parameters}
        if not all(_depends_on(statement, given) for statement in statements(facts.body)):
            return False
    return True


def _depends_on(statement: Stmt, given: set[str]) -> bool:
    """Whether a commit in a statement, or a `return` that might come before one, depends on no other names than `given`."""
    if isinstance(statement, ops.If):
        inside = [node for part in (*statement.body, *statement.orelse) for node in walk(part)]
        if not any(isinstance(node, ops.Return) or _is_commit(node) for node in inside) or _has_yield(inside):
            return True
        return _reads_only(statement.test, given)
    if isinstance(statement, ops.While | ops.For):
        return not any(_is_commit(node) for node in walk(*statement.body))
    guarded = (node for node in walk(*headers(statement)) if isinstance(node, ops.BoolOp | ops.Conditional))
    return not any(_is_commit(node) for some in guarded for node in walk(some))


def _reads_only(test: Expr, given: set[str]) -> bool:
    for node in walk(test):
        if isinstance(node, ops.Call) or (isinstance(node, ops.Name) and node.id not in given):
            return False
        if isinstance(node, ops.Attribute) and not (isinstance(node.value, ops.Name) and node.value.id in given):
            return False
    return True


def _is_commit(node: Node) -> bool:
    return isinstance(node, ops.Call) and dotted(node.func).endswith(".commit")


def _has_yield(nodes: list[Node]) -> bool:
    return any(isinstance(node, ops.Yield) for node in nodes)


def _swallows(leaving: FunctionFacts) -> bool:
    """Whether an `__exit__` may keep the block's exception."""
    returned = [statement.value for statement in statements(leaving.body) if isinstance(statement, ops.Return)]
    return any(value is not None and not (isinstance(value, ops.Constant) and not value.value) for value in returned)


def _nodes(facts: FunctionFacts) -> Iterator[tuple[Suite, Expr]]:
    for suite in suites(facts.body):
        for statement in suite.statements:
            if isinstance(statement, ops.Evaluate | ops.Assign | ops.Return):
                yield from ((suite, node) for node in walk(statement))


def _commits(facts: FunctionFacts) -> list[Suite]:
    """The blocks in which something is committed."""
    return [suite for suite, node in _nodes(facts) if isinstance(node, ops.Call) and dotted(node.func).endswith(".commit")]


def _is_closed_after(suite: Suite) -> bool:
    """Whether an error in this block of an `__exit__` is raised again, and the session closed."""
    around: Suite | None = suite
    is_closed = False
    while around is not None:
        if isinstance(around.owner, ops.Try) and around.kind == "body":
            if not all(_raises_again(handler) for handler in around.owner.handlers):
                return False
            is_closed |= any(isinstance(node, ops.Call) and dotted(node.func).endswith(".close") for node in walk(*around.owner.finalbody))
        around = around.parent
    return is_closed


def _raises_again(handler: ops.Handler) -> bool:
    last = handler.body[-1] if handler.body else None
    return isinstance(last, ops.Raise) and last.error is None


def _handlers(suite: Suite) -> list[Range]:
    """The `try` statements whose handlers an exception in this block would meet."""
    found = []
    around: Suite | None = suite
    while around is not None and around.owner is not None:
        if isinstance(around.owner, ops.Try) and around.kind == "body" and around.owner.handlers:
            found.append(around.owner.at)
        around = around.parent
    return found
