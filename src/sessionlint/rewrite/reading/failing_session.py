"""How a session whose flush fails inside a `try` is called in the function of the handler. Entry point: `failing_session`."""

from __future__ import annotations

from dataclasses import dataclass

from sessionlint.facts import FunctionFacts, ops
from sessionlint.facts.ops import Expr
from sessionlint.link import FunctionId, FunctionSymbol, Program
from sessionlint.rewrite.codemod import Refusal
from sessionlint.rewrite.reading.passages import call_at
from sessionlint.rewrite.reading.walk import dotted, root_name, walk
from sessionlint.source import Location

_UNKNOWN = Refusal("unknown-session", "it is not known what the session that fails is called here")
_METHODS = frozenset("add add_all begin_nested commit delete execute flush get merge query refresh scalar scalars".split())


@dataclass(frozen=True, slots=True)
class FailingSession:
    """`text` is the expression; `is_awaited` says that its methods are coroutines."""

    text: str
    is_awaited: bool


def failing_session(program: Program, function: FunctionId, attempt: ops.Try, failed: Location) -> FailingSession | Refusal:
    """The session whose flush at `failed` throws what a handler of `attempt`, in `function`, takes."""
    found = _call(program, failed)
    if found is None:
        return _UNKNOWN
    home, call = found
    receiver = _receiver(call)
    if receiver is None:
        return _UNKNOWN
    text = dotted(receiver)
    if home != function:
        texts = {_as_called(program, function, home, node, text) for node in walk(*attempt.body) if isinstance(node, ops.Call)} - {""}
        if len(texts) != 1:
            return _UNKNOWN
        text = texts.pop()
    elif not any(node is call for node in walk(*attempt.body)):
        return _UNKNOWN
    return FailingSession(text, _is_awaited(program.function(home), call))


def _call(program: Program, failed: Location) -> tuple[FunctionId, ops.Call] | None:
    module = program.files.get(failed.file)
    for index, facts in enumerate(module.facts.functions if module is not None else ()):
        call = call_at(facts, failed.range)
        if call is not None:
            return FunctionId(failed.file, index), call
    return None


def _receiver(call: Expr) -> Expr | None:
    """`session` in `session.flush()` and `session.query(…).filter(…).all()`, where it is a name or a chain of attributes."""
    while isinstance(call, ops.Call) and isinstance(call.func, ops.Attribute):
        if call.func.name in _METHODS and _is_plain(call.func.value):
            return call.func.value
        call = call.func.value
    return None


def _is_plain(value: Expr) -> bool:
    while isinstance(value, ops.Attribute):
        value = value.value
    return isinstance(value, ops.Name)


def _is_awaited(facts: FunctionFacts, call: ops.Call) -> bool:
    return any(isinstance(node, ops.Await) and any(inner is call for inner in walk(node)) for node in walk(*facts.body))


def _as_called(program: Program, function: FunctionId, home: FunctionId, call: ops.Call, text: str) -> str:
    """What the session `text` of `home` is called where `call` calls that, empty where it does not or where that is not known."""
    facts, root = program.function(home), text.partition(".")[0]
    rest = text[len(root) :]
    found = program.resolve(function, call.func)
    is_method = facts.owner >= 0 and bool(facts.parameters)
    if not (found == FunctionSymbol(home) or (is_method and isinstance(call.func, ops.Attribute) and call.func.name == facts.name)):
        return ""
    names = [parameter.name for parameter in facts.parameters]
    if root not in facts.names:
        known = program.lookup(home, root)
        return text if known is not None and program.lookup(function, root) == known else ""
    if root not in names:
        return ""
    index = names.index(root) - is_method
    given: Expr | None = next((keyword.value for keyword in call.keywords if keyword.name == root), None)
    if index < 0:
        given = call.func.value if isinstance(call.func, ops.Attribute) else None
    elif index < len(call.args) and not any(isinstance(arg, ops.Starred) for arg in call.args):
        given = call.args[index]
    return f"{dotted(given)}{rest}" if given is not None and _is_plain(given) and root_name(given) else ""
