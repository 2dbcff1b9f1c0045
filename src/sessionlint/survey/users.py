"""Under which names templates know the user of the request, and which keys say who that is. Entry points: `propose_user_names`,
`propose_identity_keys`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from sessionlint.facts import ops
from sessionlint.facts.ops import Expr
from sessionlint.knowledge.frameworks.stores import STORES
from sessionlint.knowledge.frameworks.users import CURRENT_USER, USER_MIXINS
from sessionlint.link import ClassId, ClassSymbol, External, FunctionId
from sessionlint.link.names.walk import nodes, text
from sessionlint.source import Location
from sessionlint.survey.found import Proposal
from sessionlint.survey.looking import Looking, counted

USER_NAMES, IDENTITY_KEYS = "sessions.user-names", "sessions.identity-keys"


def propose_user_names(look: Looking, defaults: tuple[str, ...]) -> Iterator[Proposal]:
    """The default names that templates read, and those under which they get `current_user` from a context processor."""
    reads: dict[str, list[Location]] = {}
    given = dict(_given(look))
    for file, facts in look.program.templates.facts.items():
        for function in facts.functions:
            for node in nodes(*function.body):
                if isinstance(node, ops.Attribute) and isinstance(node.value, ops.Name) and node.value.id in {*defaults, *given}:
                    reads.setdefault(node.value.id, []).append(Location(file, node.at))
    has_user = any(point.kind == "user_loader" for points in look.program.entry_points.values() for point in points)
    for name, places in sorted(reads.items()):
        files = len({place.file for place in places})
        used = f"templates read {counted(len(places), 'attribute')} of it in {counted(files, 'file')}"
        if name in given:
            yield Proposal(USER_NAMES, name, given[name], f"a context processor puts `current_user` under it, {used}")
        elif has_user:
            yield Proposal(USER_NAMES, name, min(places), used)


def _given(look: Looking) -> Iterator[tuple[str, Location]]:
    """What context processors give besides, where that is the user of the request itself."""
    for function, points in look.program.entry_points.items():
        if any(point.kind == "context_processor" for point in points):
            for node in nodes(*look.program.function(function).body):
                for name, value in _pairs(node):
                    if look.program.resolve(function, value) == External(CURRENT_USER):
                        yield name, Location(function.file, value.at)


def _pairs(node: object) -> Iterator[tuple[str, Expr]]:
    if isinstance(node, ops.DictDisplay):
        yield from ((text(key), value) for key, value in zip(node.keys, node.values, strict=True) if key is not None and text(key))
    elif isinstance(node, ops.Call) and isinstance(node.func, ops.Name) and node.func.id == "dict":
        yield from ((each.name, each.value) for each in node.keywords if each.name)


def propose_identity_keys(look: Looking) -> Iterator[Proposal]:
    """Keys of `session_state` by which an instance is looked up; sure where its class is the user's."""
    found: dict[str, list[tuple[Location, ClassId]]] = {}
    for function, facts in look.functions():
        for node in nodes(*facts.body):
            if (
                isinstance(node, ops.Call)
                and isinstance(node.func, ops.Attribute)
                and node.func.name in ("get", "get_one")
                and len(node.args) > 1
            ):
                model = look.program.resolve(function, node.args[0])
                key = _key_of(look, function, node.args[1])
                if key and isinstance(model, ClassSymbol) and model.id in look.program.models:
                    found.setdefault(key, []).append((Location(function.file, node.at), model.id))
    for key, places in sorted(found.items()):
        for owner, times in Counter(owner for _, owner in places).most_common(1):
            name = look.program.class_(owner).name
            told = f"`session_state` holds the primary key of a `{name}` under it, looked up in {counted(times, 'place')}"
            is_user = not USER_MIXINS.isdisjoint(look.program.hierarchy.external_ancestors(owner))
            yield Proposal(IDENTITY_KEYS, key, min(places)[0], told, is_user)


def _key_of(look: Looking, function: FunctionId, value: Expr) -> str:
    """The key of a read of Streamlit's session state, also by way of a local variable."""
    values = [inner for _, inner in look.receivers.values_of(function, value)] if isinstance(value, ops.Name) else [value]
    inner = values[0] if len(values) == 1 else None
    match inner:
        case ops.Attribute(value=store, name=key):
            pass
        case ops.Subscript(value=store, index=index):
            key = text(index)
        case ops.Call(func=ops.Attribute(value=store, name="get"), args=(first, *_)):
            key = text(first)
        case _:
            return ""
    symbol = look.program.resolve(function, store)
    return key if isinstance(symbol, External) and symbol.name in STORES and symbol.name.startswith("streamlit") else ""
