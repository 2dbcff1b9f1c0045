"""Where a query is made: its expression, what is called on it, and how the queried class is written there. Entry point: `Sites`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property

from sessionlint.check.finding import MissingLoad
from sessionlint.facts import ops
from sessionlint.facts.walk import statements
from sessionlint.link import ClassId, ClassSymbol, External, FunctionId, Program, VariableSymbol
from sessionlint.link.names.walk import nodes
from sessionlint.rewrite.codemod import Refusal
from sessionlint.source import Location, Range

TAKES_OPTIONS = frozenset({"get", "get_one", "merge"})
"""Methods of a session that take loader options as an argument."""

_OTHER_ROWS = {
    "from_statement": "its SQL is written by hand, which loader options cannot extend",
    "with_entities": "`with_entities()` asks for something else than the model afterwards",
    "with_only_columns": "`with_only_columns()` asks for something else than the model afterwards",
    "from_self": "`from_self()` makes another query of it",
    **dict.fromkeys(
        ("union", "union_all", "intersect", "intersect_all", "except_", "except_all"),
        "it is one part of a set operation, whose parts have to ask for the same columns",
    ),
}
"""Methods after which an option of the query at the beginning means something else, or nothing."""

_TEXT = frozenset({"text", "literal_column", "column"})
"""Functions that take a piece of SQL as it is."""

_CONDITIONS = frozenset({"filter", "where", "order_by", "having", "join", "outerjoin", "add_columns", "select_from"})
"""Methods that may be given one."""

_NO_JOIN = frozenset({"with_for_update", "with_lockmode", "group_by", "distinct", "having"})
"""Methods with which a further JOIN in the query may fail, or lock other rows."""


@dataclass(frozen=True, slots=True)
class Site:
    """`start` makes the query (`select(User)`, `session.get(User, 1)`, `User.query`), `calls` are the methods called on it there, one on
    the other; `entity` is the queried class as it is written there, None in a `merge`. `methods` are all methods called on it, here and
    elsewhere; with `is_inline` it stands in an f-string, and `is_textual` says that a part of it may be SQL as text."""

    at: Location
    function: FunctionId
    start: ops.Call | ops.Attribute
    calls: tuple[ops.Call, ...]
    model: ClassId
    entity: ops.Expr | None
    methods: frozenset[str]
    is_inline: bool
    is_textual: bool = False

    @property
    def has_options_argument(self) -> bool:
        """Whether options are an argument of the call that makes the query, not a method of it."""
        func = self.start.func if isinstance(self.start, ops.Call) else None
        return isinstance(func, ops.Attribute) and func.name in TAKES_OPTIONS

    @property
    def takes_joins(self) -> bool:
        """Whether another JOIN leaves the rows, and what is locked, as they are."""
        keywords = {keyword.name for keyword in self.start.keywords} if isinstance(self.start, ops.Call) else set()
        return not self.methods & _NO_JOIN and not self.is_textual and "with_for_update" not in keywords


@dataclass(slots=True)
class _Body:
    """The expressions of a function, and what stands around each."""

    function: FunctionId
    found: dict[Range, ops.Call | ops.Attribute] = field(default_factory=dict)
    around: dict[int, ops.Call | ops.Attribute] = field(default_factory=dict)
    inline: set[int] = field(default_factory=set)


class Sites:
    """The queries of a program, by place."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self._bodies: dict[str, list[_Body]] = {}

    def of(self, load: MissingLoad) -> Site | Refusal:
        """The query that lacks an option."""
        at = load.query
        if at.file not in self._bodies:
            self._bodies[at.file] = list(self._read(at.file))
        body = next((body for body in self._bodies[at.file] if at.range in body.found), None)
        if body is None:
            return Refusal("no-query", f"the query at {at} is not found in the text")
        start = body.found[at.range]
        calls = _chain(body, start)
        own = tuple(call.func.name for call in calls if isinstance(call.func, ops.Attribute))
        methods = frozenset((*own, *load.methods))
        reason = next((_OTHER_ROWS[method] for method in (*own, *load.methods) if method in _OTHER_ROWS), "")
        if reason:
            return Refusal("other-rows", f"the query at {at} takes no option: {reason}")
        entity = self._entity(body.function, start, load.entity)
        is_merge = isinstance(start, ops.Call) and isinstance(start.func, ops.Attribute) and start.func.name == "merge"
        if entity is None and not is_merge:
            model = self.program.models[load.entity].name
            return Refusal("generic-query", f"the query at {at} does not name `{model}`: it may be made for other models too")
        return Site(
            at,
            body.function,
            start,
            calls,
            load.entity,
            entity,
            methods,
            id(start) in body.inline,
            self._is_textual(body.function, own, load),
        )

    def _is_textual(self, function: FunctionId, own: tuple[str, ...], load: MissingLoad) -> bool:
        """Whether the query may have conditions as text, in which a column of another table would make a name ambiguous."""
        if any(self._says_text(function, node) for node in nodes(*self.program.function(function).body)):
            return True
        if not set(load.methods) & _CONDITIONS - set(own):
            return False
        functions = self.program.names.mentioning(self._textual_names, self.program.files)
        return any(self._says_text(function, node) for function in functions for node in self._conditions(function))

    @cached_property
    def _textual_names(self) -> frozenset[str]:
        """The names of what makes SQL of text, and of the variables of modules that may be assigned some, by whatever names."""
        names, summary = set(_TEXT), self.program.names.summary
        for file in self.program.files:
            for id in self.program.names.mentioning(_TEXT, (file,)):
                for item in statements(self.program.function(id).body):
                    if isinstance(item, ops.Assign) and any(
                        _last_name(node.func) in _TEXT for node in nodes(item) if isinstance(node, ops.Call)
                    ):
                        names.update(name.id for name in nodes(*item.targets) if isinstance(name, ops.Name))
        renamed = [pair for file in self.program.files for pair in summary(file).renamed]
        while new := {name for name, other in renamed if other in names} - names:
            names |= new
        return frozenset(names)

    def _conditions(self, function: FunctionId) -> Iterator[ops.Expr]:
        """Everything that is given to conditions of queries in a function."""
        for node in nodes(*self.program.function(function).body):
            if isinstance(node, ops.Call) and isinstance(node.func, ops.Attribute) and node.func.name in _CONDITIONS:
                yield from nodes(*node.args)

    def _says_text(self, function: FunctionId, node: object) -> bool:
        named = [node]
        if isinstance(node, ops.Name) and isinstance(found := self.program.lookup(function, node.id), VariableSymbol):
            named = [item for _, value, _ in self.program.assignments(found) if value is not None for item in nodes(value)]
        return any(isinstance(item, ops.Call) and _last_name(item.func) in _TEXT for item in named)

    def _read(self, file: str) -> Iterator[_Body]:
        facts = self.program.files[file].facts
        for index, function in enumerate(facts.functions):
            yield _body(FunctionId(file, index), function.body)
        for cls in facts.classes:
            yield _body(FunctionId(file, max(cls.parent, 0)), cls.body)

    def _entity(self, function: FunctionId, start: ops.Call | ops.Attribute, model: ClassId) -> ops.Expr | None:
        """The argument that names the queried class, or an alias of it."""
        if isinstance(start, ops.Attribute):
            given: tuple[ops.Expr, ...] = (start.value,)
        else:
            given = tuple(item for arg in start.args for item in (arg.items if isinstance(arg, ops.Display) else (arg,)))
        found = [arg for arg in given if self._means(function, arg, model)]
        return found[0] if len(found) == 1 else None

    def _means(self, function: FunctionId, arg: ops.Expr, model: ClassId) -> bool:
        if self.program.resolve(function, arg) == ClassSymbol(model):
            return True
        if not isinstance(arg, ops.Name) or self.program.lookup(function, arg.id) is not None:
            return False
        made = [
            item.value
            for item in nodes(*self.program.function(function).body)
            if isinstance(item, ops.Assign) and any(isinstance(target, ops.Name) and target.id == arg.id for target in item.targets)
        ]
        match made:
            case [ops.Call(func=func, args=(aliased,), keywords=())]:
                is_alias = self.program.resolve(function, func) == External("sqlalchemy.orm.aliased")
                return is_alias and self.program.resolve(function, aliased) == ClassSymbol(model)
            case _:
                return False


def _last_name(func: ops.Expr) -> str:
    return func.name if isinstance(func, ops.Attribute) else func.id if isinstance(func, ops.Name) else ""


def _body(function: FunctionId, statements: tuple[ops.Stmt, ...]) -> _Body:
    body = _Body(function)
    for node in nodes(*statements):
        match node:
            case ops.Call():
                body.found[node.at] = body.around[id(node.func)] = node
            case ops.Attribute():
                body.found.setdefault(node.at, node)
                body.around[id(node.value)] = node
            case ops.Await(value=ops.Call() as call):
                # a coroutine runs where it is awaited
                body.found[node.at] = call
            case ops.FormattedString():
                body.inline.update(id(inner) for inner in nodes(*node.parts))
            case _:
                pass
    return body


def _chain(body: _Body, start: ops.Expr) -> tuple[ops.Call, ...]:
    """The methods that are called on an expression, one on the result of the other."""
    calls: list[ops.Call] = []
    whole = start
    while isinstance(attribute := body.around.get(id(whole)), ops.Attribute):
        call = body.around.get(id(attribute))
        if not isinstance(call, ops.Call):
            break
        calls.append(call)
        whole = call
    return tuple(calls)
