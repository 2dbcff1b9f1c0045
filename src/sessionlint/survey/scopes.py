"""Which of the program's scopes the migration could use. Entry point: `propose_scopes`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from sessionlint.facts import ops
from sessionlint.link import ClassId, ClassSymbol, FunctionId, Scope, VariableSymbol
from sessionlint.link.names.walk import nodes
from sessionlint.source import is_test
from sessionlint.survey.found import Proposal
from sessionlint.survey.looking import Looking, counted, last_part

ROUTES, DEFAULT = "migrate.routes", "migrate.default"


@dataclass(slots=True)
class _Entered:
    """A scope with the calls that enter it."""

    scope: Scope
    calls: list[tuple[FunctionId, ops.Call]] = field(default_factory=list)


def propose_scopes(look: Looking, *, is_sure: bool) -> Iterator[Proposal]:
    """The scope for views (one that needs no request, if there is one) and that for what else runs in a request; the ones that are entered
    most. Not `is_sure` where there is nothing that could be put into them."""
    usable = [(name, entered) for entered in _entered(look) if _is_usable(entered.scope) and (name := _name_of(look, entered))]
    usable.sort(key=lambda each: (-len(each[1].calls), not each[1].scope.closes, not each[1].scope.commits, each[0]))
    anywhere = [each for each in usable if not each[1].scope.is_request_bound and not each[1].scope.is_shared]
    in_request = [each for each in usable if each[1].scope.is_request_bound]
    routes, default = anywhere or in_request, in_request or anywhere
    for key, candidates in ((ROUTES, routes), (DEFAULT, default)):
        for name, entered in candidates[:1]:
            yield Proposal(key, name, look.place(entered.scope.function), _told(entered), is_sure)


def _entered(look: Looking) -> list[_Entered]:
    found = {scope.function: _Entered(scope) for scope in look.program.scopes.values() if not is_test(scope.function.file)}
    for function, facts in look.functions():
        for node in nodes(*facts.body):
            if isinstance(node, ops.WithItem) and isinstance(node.context, ops.Call):
                scope = look.entered(function, node.context)
                if scope is not None and scope.function in found and function not in found:
                    found[scope.function].calls.append((function, node.context))
    return list(found.values())


def _is_usable(scope: Scope) -> bool:
    """Whether `migrate` could put a block into it: it ends the session, or the transaction, and lets errors pass."""
    return not scope.is_async and scope.errors != "swallowed" and (scope.closes or scope.commits)


def _name_of(look: Looking, entered: _Entered) -> str:
    """`manager.scope`: of a method after the module's object that has it, where there is none, as most of those who enter it write it."""
    facts = look.program.function(entered.scope.function)
    module = last_part(look.program.files[entered.scope.function.file].source.module)
    if facts.owner < 0:
        return f"{module}.{facts.name}" if module and "." not in facts.qualname else ""
    if facts.name in ("__enter__", "__aenter__"):
        return f"{module}.{entered.scope.qualname}" if module and "." not in entered.scope.qualname else ""
    times = look.tails(entered.calls)
    owner = ClassId(entered.scope.function.file, facts.owner)
    objects = sorted(f"{name}.{facts.name}" for name in _objects(look, owner))
    return max(objects or sorted(times), key=lambda name: times[name], default="")


def _objects(look: Looking, owner: ClassId) -> set[str]:
    """The names at the top of modules that hold an instance of the class."""
    variables = {
        symbol for module in look.program.files.values() for symbol in module.bindings.values() if isinstance(symbol, VariableSymbol)
    }
    return {symbol.name for symbol in variables if look.program.instance_of(symbol) == ClassSymbol(owner)}


def _told(entered: _Entered) -> str:
    scope = entered.scope
    done = [word for word, is_so in (("commits", scope.commits), ("rolls back", scope.rolls_back), ("closes", scope.closes)) if is_so]
    times = len(entered.calls)
    used = f"entered in {counted(times, 'place')}" if times else "not entered anywhere yet"
    bound = ", needs a request" if scope.is_request_bound else ""
    return f"`{scope.qualname}()` {' and '.join(filter(None, [', '.join(done[:-1]), done[-1]]))}, {used}{bound}"
