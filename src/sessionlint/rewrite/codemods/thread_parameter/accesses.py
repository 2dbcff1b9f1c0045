"""Who touches Streamlit's `session_state`, under which key and how. Entry point: `accesses`."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from sessionlint.facts import ops
from sessionlint.facts.ops import Expr, Stmt
from sessionlint.facts.walk import statements
from sessionlint.knowledge.frameworks.stores import PER_VISITOR, STORES
from sessionlint.link import ClassId, External, FunctionId, Program, VariableSymbol
from sessionlint.rewrite.codemod import Lines
from sessionlint.rewrite.reading.walk import Node, children, headers, walk
from sessionlint.source import Range

ANY = "*"
"""The key of an access whose key is not known."""

_KEYED = {"get": "read", "pop": "delete", "setdefault": "write"}
_WHOLE = {"clear": "delete", "update": "write", "popitem": "delete"}
_FUNCTIONS = {"builtins.getattr": "read", "builtins.hasattr": "test", "builtins.setattr": "write", "builtins.delattr": "delete"}


@dataclass(frozen=True, slots=True)
class Access:
    """`kind` is `read`, `write`, `delete` or `test`; `form` how it is written: `attribute`, `item`, or what is called (`get`, `setdefault`,
    `update`, `pop`, `getattr`, …), `all` for `session_state` as a whole.

    `at` is the whole expression, `state` its part that names `session_state`; `value` is what is written, or a read's default.
    """

    function: FunctionId
    key: str
    kind: str
    form: str
    at: Range
    state: Expr
    statement: Stmt
    value: Expr | None = None

    def may_be(self, key: str) -> bool:
        """Whether it may be an access of `key`."""
        return self.key in (key, ANY)

    @property
    def is_strict(self) -> bool:
        """Whether a read fails where there is nothing under the key."""
        return self.form in ("attribute", "item") or (self.form == "getattr" and self.value is None)

    @property
    def otherwise(self) -> object:
        """What a read that does not fail gives where there is nothing under the key, if that is a literal; else the read itself."""
        if self.value is None:
            return None
        return self.value.value if isinstance(self.value, ops.Constant) else self


def accesses(program: Program, lines: Lines) -> list[Access]:
    """Every access of `session_state` in the program."""
    found: list[Access] = []
    for file in sorted(program.files):
        if file in lines and any("session_state" in line for line in lines[file]):
            facts = program.files[file].facts
            for index, function in enumerate(facts.functions):
                found += _Finder(program, FunctionId(file, index), lines).found()
                outside = [*function.decorators, *(p.default for p in function.parameters if p.default is not None)]
                around = program.names.parent(FunctionId(file, index)) or FunctionId(file, index)
                found += _unplaced(program, around, outside)
            for index, class_ in enumerate(facts.classes):
                found += _unplaced(program, program.names.class_parent(ClassId(file, index)), [*class_.body, *class_.decorators])
    return found


def _unplaced(program: Program, function: FunctionId, roots: list[Node]) -> Iterator[Access]:
    """Occurrences outside of function bodies (defaults, class bodies), of which nothing is known but that they are there."""
    for node in walk(*roots):
        if isinstance(node, ops.Name | ops.Attribute) and is_state(program, function, node):
            statement = ops.Evaluate(node.at, node)
            for kind in ("read", "write"):
                yield Access(function, ANY, kind, "all", node.at, node, statement)


class _Finder:
    """The accesses of one function."""

    def __init__(self, program: Program, function: FunctionId, lines: Lines) -> None:
        self._program, self._function, self._lines = program, function, lines

    def found(self) -> list[Access]:
        body = self._program.function(self._function).body
        return [access for statement in statements(body) for access in self._of_statement(statement)]

    def _of_statement(self, statement: Stmt) -> Iterator[Access]:
        for root in headers(statement):
            yield from self._below(root, [statement], statement)

    def _below(self, node: Node, above: list[Node], statement: Stmt) -> Iterator[Access]:
        if isinstance(node, ops.Name | ops.Attribute) and is_state(self._program, self._function, node):
            yield from self._access(node, above, statement)
            return
        for child in children(node):
            yield from self._below(child, [*above, node], statement)

    # -- one occurrence -------------------------------------------------------------------------------------------

    def _access(self, state: Expr, above: list[Node], statement: Stmt) -> Iterator[Access]:
        parent, outer = above[-1], above[-2] if len(above) > 1 else None
        whole = Access(self._function, ANY, "read", "all", state.at, state, statement)
        match parent:
            case ops.Attribute(name=name, at=at) if isinstance(outer, ops.Call) and outer.func is parent:
                yield from self._method(name, outer, whole)
            case ops.Attribute(name=name, at=at):
                yield self._placed(replace(whole, key=name, form="attribute", at=at), parent, above[:-1])
            case ops.Subscript(index=index, at=at):
                yield self._placed(replace(whole, key=self._key(index), form="item", at=at), parent, above[:-1])
            case ops.Compare(left=left, at=at, operators=("in" | "not in",)):
                yield replace(whole, key=self._key(left), kind="test", form="in", at=at)
            case ops.Call(at=at, args=(first, name_of, *rest)) if first is state and self._builtin(parent.func) in _FUNCTIONS:
                called = self._builtin(parent.func)
                value = rest[0] if rest else None
                form = called.rpartition(".")[2]
                yield replace(whole, key=self._key(name_of), kind=_FUNCTIONS[called], form=form, at=at, value=value)
            case ops.Assign(targets=(ops.Name() as target,), value=value) if state in (target, value):  # an alias
                return
            case _ if isinstance(statement, ops.For) and _only_deletes(statement):
                yield replace(whole, kind="delete")
            case _:
                yield whole
                if not isinstance(parent, ops.For):
                    yield replace(whole, kind="write")

    def _placed(self, access: Access, node: Node, above: list[Node]) -> Access:
        """The access as what it is there: something that is read, assigned to or deleted."""
        match above[-1]:
            case ops.Assign(targets=targets, value=value) if any(target is node for target in targets):
                return replace(access, kind="write", value=value if len(targets) == 1 else None)
            case ops.AugAssign(target=target) if target is node:
                return replace(access, kind="write")
            case ops.Delete():
                return replace(access, kind="delete")
            case ops.For(target=target) | ops.WithItem(target=target) | ops.Clause(target=target) if target is node:
                return replace(access, kind="write")
            case ops.Display() | ops.Starred() if self._is_target(node, above):
                return replace(access, kind="write")
            case _:
                return access

    def _is_target(self, node: Node, above: list[Node]) -> bool:
        inner: Node = node
        for outer in reversed(above):
            match outer:
                case ops.Display() | ops.Starred():
                    inner = outer
                case ops.Assign(targets=targets):
                    return any(target is inner for target in targets)
                case ops.For(target=target) | ops.WithItem(target=target) | ops.Clause(target=target):
                    return target is inner
                case _:
                    return False
        return False

    def _method(self, name: str, call: ops.Call, whole: Access) -> Iterator[Access]:
        whole = replace(whole, form=name, at=call.at)
        if name in _KEYED:
            key = self._key(call.args[0]) if call.args else ANY
            yield replace(whole, key=key, kind=_KEYED[name], value=call.args[1] if len(call.args) > 1 else None)
        elif name == "update":
            yield from self._updated(call, whole)
        elif name in _WHOLE:
            yield replace(whole, kind=_WHOLE[name])
        elif name in ("keys", "items", "values", "to_dict", "__contains__", "copy"):
            is_clearing = isinstance(whole.statement, ops.For) and _only_deletes(whole.statement)
            yield replace(whole, kind="delete" if is_clearing else "read")
        else:  # a call of something that is kept there: `st.session_state.db.…` is an attribute, `st.session_state.make()` a read
            yield replace(whole, key=name, form="attribute", at=call.func.at)

    def _updated(self, call: ops.Call, whole: Access) -> Iterator[Access]:
        for given in call.args:
            if not isinstance(given, ops.DictDisplay):
                yield replace(whole, kind="write")
                continue
            for key, value in zip(given.keys, given.values, strict=True):
                yield replace(whole, key=self._key(key) if key is not None else ANY, kind="write", value=value)
        for keyword in call.keywords:
            yield replace(whole, key=keyword.name or ANY, kind="write", value=keyword.value)

    # -- keys -----------------------------------------------------------------------------------------------------

    def _key(self, index: Expr) -> str:
        match index:
            case ops.Constant(value=str(text)):
                return text
            case ops.Name() | ops.Attribute():
                symbol = self._program.resolve(self._function, index)
                values = self._program.assignments(symbol) if isinstance(symbol, VariableSymbol) else ()
                if len(values) == 1 and isinstance(values[0][1], ops.Constant) and isinstance(values[0][1].value, str):
                    return values[0][1].value
            case ops.FormattedString(at=at) if at.row == at.end_row:
                literal = self._lines[self._function.file][at.row - 1][at.column - 1 : at.end_column - 1]
                return f"{_prefix(literal)}{ANY}"
            case ops.Constant():
                return ""
            case _:
                pass
        return ANY

    def _builtin(self, func: Expr) -> str:
        symbol = self._program.resolve(self._function, func)
        return symbol.name if isinstance(symbol, External) else ""


def matching(found: list[Access], key: str) -> list[Access]:
    """The accesses that are, or may be, of `key`."""
    return [a for a in found if a.may_be(key) or (a.key.endswith(ANY) and key.startswith(a.key[:-1]))]


def is_state(program: Program, function: FunctionId, expression: Expr) -> bool:
    """Whether an expression is `st.session_state`, under whatever name."""
    if isinstance(expression, ops.Attribute) and expression.name != "session_state":
        return False
    symbol = program.resolve(function, expression)
    if isinstance(symbol, External):
        return STORES.get(symbol.name) == PER_VISITOR
    if symbol is not None or not isinstance(expression, ops.Name):
        return False
    here: FunctionId | None = function
    while here is not None:
        if program.names.is_local(here, expression.id):
            assigned = program.names.bindings(here).assigned.get(expression.id, [])
            value = assigned[0].value if len(assigned) == 1 else None
            is_alias = isinstance(value, ops.Attribute | ops.Name) and not (isinstance(value, ops.Name) and value.id == expression.id)
            return is_alias and value is not None and is_state(program, here, value)
        here = program.names.parent(here)
    return False


def _only_deletes(loop: ops.For) -> bool:
    """`for key in list(st.session_state): del st.session_state[key]`: forgets what is there, whatever it is."""
    allowed: Callable[[Stmt], bool] = lambda s: isinstance(s, ops.Delete | ops.If | ops.Continue)  # noqa: E731
    inside = list(statements(loop.body))
    tests = [node for s in inside if isinstance(s, ops.If) for node in walk(s.test)]
    return bool(inside) and all(allowed(s) for s in inside) and not any(isinstance(node, ops.Call) for node in tests)


def _prefix(literal: str) -> str:
    """The text of an f-string in front of its first interpolation."""
    start = min((literal.index(quote) for quote in "'\"" if quote in literal), default=0)
    return literal[start:].lstrip("'\"").partition("{")[0]
