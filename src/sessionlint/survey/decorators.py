"""Decorators of the program that give a view its session. Entry point: `propose_decorators`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from sessionlint.facts import ops
from sessionlint.link import FunctionId, FunctionSymbol
from sessionlint.link.names.walk import nodes
from sessionlint.link.sessions.origins import Origin
from sessionlint.link.web.reach import Reach
from sessionlint.source import is_test
from sessionlint.survey.found import Proposal
from sessionlint.survey.looking import Looking, counted, is_called, last_name, last_part

KEY = "sessions.view-decorators"


def propose_decorators(look: Looking) -> Iterator[Proposal]:
    """Every decorator on a view that takes a session before it runs it, in the order of their places."""
    reach = Reach(look.receivers)
    names = Counter(facts.name for _, facts in look.functions())
    for maker, views in sorted(_on_views(look).items()):
        opened = next((opened for inner in reach.inside(maker) if (opened := _opened(look, maker, inner))), "")
        if opened:
            name = look.program.function(maker).name
            module = last_part(look.program.files[maker.file].source.module)
            value = name if names[name] == 1 or not module else f"{module}.{name}"
            yield Proposal(KEY, value, look.place(maker), f"`@{name}` runs {counted(views, 'view')} with the session of `{opened}`")


def _on_views(look: Looking) -> Counter[FunctionId]:
    """The program's own decorators with how many routes they are on."""
    found: Counter[FunctionId] = Counter()
    for view, points in look.program.entry_points.items():
        if any(point.kind == "route" for point in points) and not is_test(view.file):
            around = look.program.names.parent(view) or view
            for decorator in look.program.function(view).decorators:
                symbol = look.program.resolve(around, decorator.func if isinstance(decorator, ops.Call) else decorator)
                if isinstance(symbol, FunctionSymbol):
                    found[symbol.id] += 1
    return found


def _opened(look: Looking, maker: FunctionId, wrapper: FunctionId) -> str:
    """The scope or session in which a wrapper calls what it wraps, as it is written."""
    wrapped = _parameters(look, maker, wrapper)
    body = look.program.function(wrapper).body
    for node in nodes(*body):
        if isinstance(node, ops.With) and is_called(node.body, wrapped):
            for item in node.items:
                if isinstance(item.context, ops.Call) and _gives_session(look, wrapper, item.context):
                    return f"{last_name(item.context.func)}()"
        elif isinstance(node, ops.Assign) and isinstance(node.value, ops.Call):
            origin = _origin(look, wrapper, node.value)
            is_kept = origin is not None and origin.kind == "shared" and is_called(body, wrapped) and _is_made(look, origin)
            if is_kept or (origin is not None and _is_handed(body, wrapped, {last_name(target) for target in node.targets})):
                return f"{last_name(node.value.func)}()"
    return ""


def _is_made(look: Looking, origin: Origin) -> bool:
    """Whether the function that keeps the session makes it too: what it takes out of `g` by some key may be anything."""
    body = look.program.function(origin.via[-1]).body if origin.via else ()
    calls = (node for node in nodes(*body) if isinstance(node, ops.Call) and last_name(node.func) not in ("get", "pop", "setdefault"))
    return any(look.origins.origin(origin.via[-1], call) is not None for call in calls)


def _is_handed(body: tuple[ops.Stmt, ...], wrapped: frozenset[str], names: set[str]) -> bool:
    """Whether what is wrapped is called with one of the names."""
    calls = (node for node in nodes(*body) if isinstance(node, ops.Call) and last_name(node.func) in wrapped)
    given = (value for call in calls for value in (*call.args, *(keyword.value for keyword in call.keywords)))
    return any(isinstance(value, ops.Name) and value.id in names for value in given)


def _parameters(look: Looking, maker: FunctionId, wrapper: FunctionId) -> frozenset[str]:
    """The parameters of the functions around the wrapper, of which the wrapped function is one."""
    found: set[str] = set()
    here = look.program.names.parent(wrapper)
    while here is not None and here.index:
        found |= {parameter.name for parameter in look.program.function(here).parameters}
        here = look.program.names.parent(here) if here != maker else None
    return frozenset(found)


def _gives_session(look: Looking, function: FunctionId, context: ops.Call) -> bool:
    if look.entered(function, context) is not None:
        return True
    origin = look.origins.origin(function, context)
    return origin is not None and origin.kind == "new"


def _origin(look: Looking, function: FunctionId, call: ops.Call) -> Origin | None:
    """Where the session comes from that a call gives; what is reached through something unknown counts by its name, if it is unique."""
    named = look.methods.get(last_name(call.func), [])
    if isinstance(call.func, ops.Attribute) and look.receivers.callee(function, call.func) is None:
        return look.origins.returned(named[0], 0) if len(named) == 1 else None
    return look.origins.origin(function, call)
