"""What calling a function of the program gives and does. Entry point: `summarize`."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sessionlint.facts import FunctionFacts
from sessionlint.link import Program
from sessionlint.link.symbols import FunctionId
from sessionlint.rewrite.codemods.scope.values import PLAIN, UNKNOWN, Value, container, join

if TYPE_CHECKING:
    from sessionlint.rewrite.codemods.scope.evaluate import Frame

DEPTH = 6
"""How many calls deep the analysis follows a session or an instance before it gives up."""


@dataclass(frozen=True, slots=True)
class Summary:
    """What a call gives and does: its value, whether it may leave changes in the session, where something tied escapes to (empty:
    nowhere), and whether it may commit or roll back."""

    value: Value
    writes: bool = False
    escape: str = ""
    ends: bool = False


NOTHING = Summary(PLAIN)
ArgumentKey = tuple[tuple[str, Value], ...]


@dataclass(slots=True)
class Calls:
    """Shared by all frames of one site: the summaries found so far, and the calls in progress."""

    program: Program
    known: dict[tuple[FunctionId, ArgumentKey], Summary] = field(default_factory=dict)
    active: list[FunctionId] = field(default_factory=list)


def summarize(calls: Calls, function: FunctionId, held: list[Value], named: dict[str, Value], outer: Frame | None = None) -> Summary:
    """What calling a function of the program with these arguments gives and does."""
    from sessionlint.rewrite.codemods.scope.effects import examine
    from sessionlint.rewrite.codemods.scope.evaluate import Frame

    if function in calls.active:
        return NOTHING
    if len(calls.active) >= DEPTH:
        return Summary(UNKNOWN, writes=True, escape="it is handed on through too many functions")
    facts = calls.program.function(function)
    env = arguments(facts, held, named)
    key = (function, tuple(sorted(env.items(), key=lambda item: item[0])))
    if outer is None and key in calls.known:
        return calls.known[key]
    calls.active.append(function)
    try:
        frame = Frame(calls, function, dict(env), outer)
        found = examine(frame)
    finally:
        calls.active.pop()
    if outer is None:
        calls.known[key] = found
    return found


def arguments(facts: FunctionFacts, held: list[Value], named: dict[str, Value]) -> dict[str, Value]:
    """What the parameters of a function hold in a call."""
    env: dict[str, Value] = {}
    positional = [p.name for p in facts.parameters if p.kind in ("positional-only", "positional")]
    rest = next((p.name for p in facts.parameters if p.kind == "*"), "")
    options = next((p.name for p in facts.parameters if p.kind == "**"), "")
    for index, value in enumerate(held):
        name = positional[index] if index < len(positional) else rest
        env[name] = join(env.get(name, PLAIN), value if index < len(positional) else container(value))
    for name, value in named.items():
        known = any(p.name == name for p in facts.parameters)
        env[name if known else options] = value if known else container(value)
    env.pop("", None)
    return env
