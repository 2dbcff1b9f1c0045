"""What a query has to load, as a tree of attributes, and by which strategies. Entry point: `grown`."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from sessionlint.check.finding import MissingLoad
from sessionlint.knowledge.sqlalchemy.options import EAGER
from sessionlint.link import ClassId, Program
from sessionlint.rewrite.codemod import Refusal
from sessionlint.rewrite.codemods.eager_load.site import Site
from sessionlint.rewrite.codemods.eager_load.written import Written

_BY_LAZY = {"joined": "joinedload", "selectin": "selectinload", "subquery": "subqueryload", "immediate": "immediateload"}
_COLUMNS = frozenset({"undefer", "defer"})


@dataclass(slots=True)
class Node:
    """`owner.name`, which `strategy` loads; it `is_wanted` itself, or is on the way to what is."""

    owner: ClassId
    name: str
    strategy: str
    is_wanted: bool = False
    children: dict[str, Node] = field(default_factory=dict)


def grown(program: Program, site: Site, loads: Iterable[MissingLoad], written: list[Written]) -> dict[str, Node] | Refusal:
    """The attributes that a query has to load, by name."""
    roots: dict[str, Node] = {}
    given: set[tuple[tuple[str, ...], str]] = set()
    for load in loads:
        objection = _objection(program, load)
        if objection is not None:
            return objection
        given.update(load.given)
        below = roots
        for step in load.steps:
            node = below.setdefault(step.name, Node(step.owner, step.name, step.strategy))
            below = node.children
        node.is_wanted = True
    return _settled(program, site, roots, given, written) or roots


def _objection(program: Program, load: MissingLoad) -> Refusal | None:
    """Why no option loads it."""
    entity: ClassId | None = load.entity
    for step in load.steps:
        model, attribute = program.models[step.owner], program.models[step.owner].attributes[step.name]
        if entity is not None and step.owner not in program.model_lineage(entity):
            reason = f"only the subclass `{model.name}` has `{step.name}`, which takes `selectin_polymorphic` besides"
            return Refusal("of-a-subclass", reason)
        if attribute.lazy in {"dynamic", "write_only"}:
            return Refusal("not-loadable", f'`{model.name}.{step.name}` is `lazy="{attribute.lazy}"` and cannot be loaded with the query')
        entity = attribute.target
    if any(not path for path, _ in load.given):
        return Refusal("unknown-options", f"the query at {load.query} gets options elsewhere that cannot be read, and might contradict")
    return None


def _settled(
    program: Program, site: Site, roots: dict[str, Node], given: set[tuple[tuple[str, ...], str]], written: list[Written]
) -> Refusal | None:
    """Choose the strategies so that none contradicts another one of the query: SQLAlchemy 2 raises at that."""
    pending: list[tuple[tuple[str, ...], Node]] = [((name,), node) for name, node in roots.items()]
    while pending:
        path, node = pending.pop()
        pending += [((*path, name), child) for name, child in node.children.items()]
        here = {option.strategies[len(path) - 1] for option in written if option.path[: len(path)] == path and option.strategies}
        elsewhere = {strategy for known, strategy in given if known == path} - {"defaultload"} - here
        is_against = not elsewhere <= EAGER | {"undefer"} or ("contains_eager" in elsewhere and node.is_wanted)
        if len(elsewhere) > 1 or is_against:
            found = ", ".join(f"`{name}`" for name in sorted(elsewhere))
            return Refusal("contradicts", f"the query gets {found} for `{node.name}` elsewhere, which an option here would contradict")
        node.strategy = _strategy(program, site, path, node, elsewhere)
    return None


def _strategy(program: Program, site: Site, path: tuple[str, ...], node: Node, elsewhere: set[str]) -> str:
    if elsewhere:
        return next(iter(elsewhere)) if node.is_wanted else "defaultload"
    if node.strategy in _COLUMNS:
        return node.strategy
    if not node.is_wanted and (lazy := program.models[node.owner].attributes[node.name].lazy) in _BY_LAZY:
        return _BY_LAZY[lazy]
    if node.strategy == "joinedload" and len(path) == 1 and not site.takes_joins:
        return "selectinload"
    return node.strategy
