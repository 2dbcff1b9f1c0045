"""The options of one query extended by what it has to load. Entry point: `extended`."""

from __future__ import annotations

from dataclasses import dataclass, field

from sessionlint.check.finding import MissingLoad
from sessionlint.facts import ops
from sessionlint.knowledge.sqlalchemy.options import EAGER
from sessionlint.link import ClassId, Program
from sessionlint.rewrite.codemod import Addition, FileEdit, NewImport, Refusal
from sessionlint.rewrite.codemods.eager_load.layout import Layout
from sessionlint.rewrite.codemods.eager_load.naming import Naming
from sessionlint.rewrite.codemods.eager_load.site import Site
from sessionlint.rewrite.codemods.eager_load.tree import Node, grown
from sessionlint.rewrite.codemods.eager_load.written import Written, options_in
from sessionlint.rewrite.imports import Imported
from sessionlint.source import Range

_LOADS = EAGER | {"undefer"}


@dataclass(frozen=True, slots=True)
class Extended:
    """The edit to the query's file, and the options that it adds, as text."""

    edit: FileEdit
    added: tuple[str, ...]


class _Stop(Exception):
    """Something that is needed cannot be had."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.reason)
        self.refusal = refusal


def extended(program: Program, lines: tuple[str, ...], parts: list[tuple[Site, list[MissingLoad]]]) -> Extended | Refusal:
    """One query with options for all that it lacks; its parts are the classes that it asks for."""
    site = parts[0][0]
    holder = _holder(site)
    if isinstance(holder, Refusal):
        return holder
    given = _given(holder)
    written = options_in(program, site.function, given)
    for option in list(written):
        if option.inner is not None:
            written += options_in(program, site.function, option.inner.args, option)
    layout = Layout(lines, is_inline=site.is_inline)
    naming = Naming(program, lines, site.function, site.at.range.row)
    queries, new = [], list[str]()
    try:
        for part, loads in parts:
            own = [option for option in written if option.model is None or program.are_related(option.model, part.model)]
            roots = grown(program, part, loads, own)
            if isinstance(roots, Refusal):
                return roots
            queries.append(_Query(program, part, own, layout, naming))
            new += queries[-1].covered(roots)
        if new:
            queries[0].add(holder, new)
    except _Stop as stop:
        return stop.refusal
    imports = tuple(new for query in queries for new in query.imports)
    additions = tuple(addition for query in queries for addition in query.additions)
    said = [text for query in queries for text in query.said]
    return Extended(FileEdit(layout.edits(), imports, additions), (*said, *new))


def _holder(site: Site) -> ops.Call | ops.Keyword | Refusal | None:
    """What the query's options stand in: an `options(…)` of its chain, or the argument of that name; None where it has none."""
    if not site.has_options_argument:
        options = [call for call in site.calls if isinstance(call.func, ops.Attribute) and call.func.name == "options"]
        return options[-1] if options else None
    assert isinstance(site.start, ops.Call)
    if any(keyword.name is None for keyword in site.start.keywords) or any(isinstance(arg, ops.Starred) for arg in site.start.args):
        return Refusal("odd-arguments", f"which options the call at {site.at} gets is not known: its arguments are unpacked")
    return next((keyword for keyword in site.start.keywords if keyword.name == "options"), None)


def _given(holder: ops.Call | ops.Keyword | None) -> tuple[ops.Expr, ...]:
    if isinstance(holder, ops.Call):
        return holder.args
    if isinstance(holder, ops.Keyword) and isinstance(holder.value, ops.Display):
        return holder.value.items
    return ()


@dataclass(slots=True)
class _Query:
    """One query while its options are extended."""

    program: Program
    site: Site
    written: list[Written]
    layout: Layout
    naming: Naming
    imports: list[NewImport] = field(default_factory=list)
    additions: list[Addition] = field(default_factory=list)
    said: list[str] = field(default_factory=list)

    def covered(self, roots: dict[str, Node]) -> list[str]:
        """The options that are to be added; what is there is extended where it goes the same way."""
        return [text for node in roots.values() for text in self._covered(node, ())]

    def add(self, holder: ops.Call | ops.Keyword | None, new: list[str]) -> None:
        """Options where the query's options are, or go."""
        if isinstance(holder, ops.Call):
            self._put(holder, new)
        elif isinstance(holder, ops.Keyword):
            at = holder.value.at
            first, last = (at.row, at.column), (at.end_row, at.end_column)
            if self.layout.text(first, last)[:1] not in ("[", "(") and isinstance(holder.value, ops.Display):
                comma = "" if self.layout.text(first, last).endswith(",") else ","
                self.layout.insert(last, f"{comma} {', '.join(new)}")
            elif not isinstance(holder.value, ops.Display) or not self.layout.add_arguments(first, last, new):
                self.layout.insert(first, "[*")
                self.layout.insert(last, f", {', '.join(new)}]")
        elif self.site.has_options_argument:
            assert isinstance(self.site.start, ops.Call)
            self._put(self.site.start, [f"options=[{', '.join(new)}]"])
        else:
            self.layout.add_call(self.site.start, self.site.calls, "options", new)

    # -- what is there ----------------------------------------------------------------------------------------------

    def _covered(self, node: Node, above: tuple[Node, ...]) -> list[str]:
        """The options that are to be added for a node; what is there is extended where it goes the same way."""
        way = (*above, node)
        path = tuple(step.name for step in way)
        there = [option for option in self.written if option.path[: len(path)] == path]
        strategies = {option.strategies[len(path) - 1] for option in there}
        if not there or (node.is_wanted and strategies == {"defaultload"} and not self._exact(path)):
            return self._added(node, above)
        if node.is_wanted and not strategies & _LOADS:
            self._load(node, path)
        new, missing = [], []
        for child in node.children.values():
            if any(option.path[: len(path) + 1] == (*path, child.name) for option in self.written):
                new += self._covered(child, way)
            elif not self._is_chosen(child, way):
                missing.append(child)
        return new + (self._behind(way, missing) if missing else [])

    def _exact(self, path: tuple[str, ...]) -> list[Written]:
        """The options that end with an attribute, and with nothing that chooses among its columns."""
        return [option for option in self.written if option.path == path and option.chosen is None]

    def _behind(self, way: tuple[Node, ...], missing: list[Node]) -> list[str]:
        """Extend the option for a way by what is missing below; the options that are to be added where that cannot be."""
        exact = self._exact(tuple(step.name for step in way))
        for option in exact:
            if option.inner is not None:
                texts = [self._option(node) for node in missing]
                self._put(option.inner, texts)
                self.said += texts
                return []
        for option in exact:
            text = self._below(missing)
            self.layout.insert((option.expr.at.end_row, option.expr.at.end_column), text)
            self.said.append(text.removeprefix("."))
            return []
        return [self._along(way) + self._below(missing)]

    def _added(self, node: Node, above: tuple[Node, ...]) -> list[str]:
        """The options for a node of which nothing is there."""
        if self._is_chosen(node, above):
            return []
        return [self._along(above) + self._below([node])] if above else [self._option(node, is_root=True)]

    def _is_chosen(self, node: Node, above: tuple[Node, ...]) -> bool:
        """Whether a column went to the `load_only(…)` for the way to it."""
        path = tuple(step.name for step in above)
        chosen = next((option.chosen for option in self.written if option.path == path and option.chosen is not None), None)
        if node.strategy != "undefer" or chosen is None:
            return False
        name = f"{self._owner(node.owner, is_root=not above)}.{node.name}"
        self._put(chosen, [name])
        self.said.append(f"load_only({name})")
        return True

    def _put(self, call: ops.Call, texts: list[str]) -> None:
        """Further arguments of a call."""
        at, func = call.at, call.func.name_at if isinstance(call.func, ops.Attribute) else call.func.at
        last = (at.end_row, at.end_column)
        behind = self.layout.text((func.end_row, func.end_column), last)
        gap = len(behind) - len(behind.lstrip(" \t"))
        if not self.layout.add_arguments((func.end_row, func.end_column + gap), last, texts):
            raise _Stop(Refusal("unclear-text", f"the arguments of the call at {self.site.at} cannot be told apart"))

    def _load(self, node: Node, path: tuple[str, ...]) -> None:
        """An option that keeps an attribute from being loaded becomes one that loads it."""
        exact = self._exact(path)
        if len(exact) != 1:
            reason = f"the query at {self.site.at} has options for `{node.name}` that another one would contradict"
            raise _Stop(Refusal("contradicts", reason))
        option = exact[0]
        call = option.calls[-1]
        argument = self._text(call.args[0].at)
        first = (call.func.at.row, call.func.at.column)
        name = node.strategy
        if len(option.calls) == 1:
            name = self._loader(node.strategy)
        elif isinstance(call.func, ops.Attribute):
            first = (call.func.name_at.row, call.func.name_at.column)
        self.layout.replace(first, (call.at.end_row, call.at.end_column), f"{name}({argument})")
        self.said.append(f"{node.strategy}({argument})")

    # -- what is new ------------------------------------------------------------------------------------------------

    def _option(self, node: Node, *, is_root: bool = False) -> str:
        owner = self._owner(node.owner, is_root=is_root)
        return f"{self._loader(node.strategy)}({owner}.{node.name}){self._below(list(node.children.values()))}"

    def _below(self, nodes: list[Node]) -> str:
        """What follows an option: one more link, or several options."""
        if not nodes:
            return ""
        if len(nodes) > 1:
            return f".options({', '.join(self._option(node) for node in nodes)})"
        node = nodes[0]
        return f".{node.strategy}({self._owner(node.owner)}.{node.name}){self._below(list(node.children.values()))}"

    def _along(self, way: tuple[Node, ...]) -> str:
        """The options on the way to something, once more, by the strategies that they have."""
        texts = []
        for depth, node in enumerate(way):
            path = tuple(step.name for step in way[: depth + 1])
            known = (
                option.strategies[depth] for option in self.written if option.path[: depth + 1] == path and len(option.strategies) > depth
            )
            strategy = next(known, node.strategy)
            function = self._loader(strategy) if not depth else strategy
            texts.append(f"{function}({self._owner(node.owner, is_root=not depth)}.{node.name})")
        return ".".join(texts)

    def _owner(self, model: ClassId, *, is_root: bool = False) -> str:
        if is_root and self.site.entity is not None:
            return self._text(self.site.entity.at)
        return self._name(self.naming.model(model, self.site.entity))

    def _loader(self, strategy: str) -> str:
        return self._name(self.naming.loader(strategy))

    def _name(self, found: Imported | Refusal) -> str:
        if isinstance(found, Refusal):
            raise _Stop(found)
        self.imports += found.imports
        self.additions += found.additions
        return found.text

    def _text(self, at: Range) -> str:
        return self.layout.text((at.row, at.column), (at.end_row, at.end_column))
