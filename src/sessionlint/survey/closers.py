"""What ends the sessions that it is given. Entry point: `propose_closers`."""

from __future__ import annotations

from collections.abc import Iterator

from sessionlint.facts import FunctionFacts, ops
from sessionlint.link import FunctionId
from sessionlint.link.names.walk import nodes
from sessionlint.source import is_test
from sessionlint.survey.found import Proposal
from sessionlint.survey.looking import Looking, counted, last_name

KEY = "sessions.closers"
_OWN = ("self", "cls")


def propose_closers(look: Looking) -> Iterator[Proposal]:
    """The functions that close a parameter of theirs, and are called with sessions, under the name that most callers write."""
    closing = {function: position for function, facts in look.functions() if (position := _closed(function, facts)) >= 0}
    names = {look.program.function(function).name for function in closing}
    calls: dict[FunctionId, list[tuple[FunctionId, ops.Call]]] = {function: [] for function in closing}
    for function, facts in look.functions() if names else ():
        for node in nodes(*facts.body):
            if isinstance(node, ops.Call) and last_name(node.func) in names:
                callee = look.receivers.callee(function, node.func)
                if callee in closing and _is_session(look, function, node, closing[callee]):
                    calls[callee].append((function, node))
    for function, found in calls.items():
        tails = look.tails(found)
        if tails:
            name, times = max(sorted(tails.items()), key=lambda each: each[1])
            qualname = look.program.function(function).qualname
            told = f"`{qualname}()` closes the session that it is given, called so in {counted(times, 'place')}"
            yield Proposal(KEY, name, look.place(function), told, times=times)


def _closed(function: FunctionId, facts: FunctionFacts) -> int:
    """The position among the arguments of what the function closes; -1 for none."""
    if not function.index or is_test(function.file) or facts.name in ("__exit__", "__aexit__"):
        return -1
    given = [parameter.name for parameter in facts.parameters if parameter.kind.startswith("positional") and parameter.name not in _OWN]
    for node in nodes(*facts.body):
        match node:
            case ops.Call(func=ops.Attribute(name="close", value=ops.Name(id=name))) if name in given:
                return given.index(name)
    return -1


def _is_session(look: Looking, function: FunctionId, call: ops.Call, position: int) -> bool:
    origin = look.origins.origin(function, call.args[position]) if position < len(call.args) else None
    return origin is not None and origin.kind == "new"
