"""What the statements of a function do to a session and what is tied to it: what they bind, change, and let escape."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sessionlint.facts import ops
from sessionlint.facts.ops import Expr, Stmt
from sessionlint.facts.walk import statements
from sessionlint.link.symbols import ClassId, ClassSymbol
from sessionlint.rewrite.codemods.scope import tables
from sessionlint.rewrite.codemods.scope.evaluate import Frame
from sessionlint.rewrite.codemods.scope.summaries import Summary
from sessionlint.rewrite.codemods.scope.values import CLOSURE, PLAIN, SESSION, UNKNOWN, Value, container, element_of, instance, join, query
from sessionlint.rewrite.reading.walk import dotted, free_names, headers, root_name, target_names, walk
from sessionlint.source import Range

ROUNDS = 5
"""How often the bindings of a function are gone through until nothing new is learnt; loops and mutual assignments need few."""


@dataclass(frozen=True, slots=True)
class Escape:
    """Something tied to the session leaves the block; `is_returned` where it is what a `return` gives."""

    at: Range
    text: str
    is_returned: bool = False


@dataclass(frozen=True, slots=True)
class Effect:
    """What one statement does, its blocks left out. `ends` says that it ends the transaction and does nothing else, `may_end` that
    something in it may."""

    writes: bool = False
    ends: bool = False
    begins: bool = False
    may_end: bool = False
    escapes: tuple[Escape, ...] = ()


# -- bindings -----------------------------------------------------------------------------------------------------


def settle(frame: Frame, body: Iterable[Stmt]) -> None:
    """Learn what the names of `frame` hold from the statements of `body`."""
    every = list(statements(body))
    for _ in range(ROUNDS):
        before = dict(frame.env)
        for statement in every:
            _bind(frame, statement)
        if frame.env == before:
            return


def _bind(frame: Frame, statement: Stmt) -> None:
    for node in walk(*headers(statement)):
        if isinstance(node, ops.NamedExpr):
            frame.bind(node.target, frame.value(node.value))
        elif isinstance(node, ops.Comprehension):
            frame.comprehension(node)
        elif isinstance(node, ops.Call):
            _bind_call(frame, node)
    for target, held, value in _bound(frame, statement):
        _assign(frame, target, held, value)
    if isinstance(statement, ops.FunctionDef) and any(frame.lookup(n).is_tied for n in free_names(frame.file, statement.function)):
        frame.bind(frame.file.functions[statement.function].name, CLOSURE)
    elif isinstance(statement, ops.Match):
        held = UNKNOWN if frame.value(statement.subject).is_tied else PLAIN
        for name in (name for case in statement.cases for name in case.captures):
            frame.bind(name, held)


def _bound(frame: Frame, statement: Stmt) -> list[tuple[Expr, Value, Expr | None]]:
    """The targets that the statement binds, with what they get, and the expression it comes from where there is one."""
    match statement:
        case ops.Assign(targets=targets, value=value) if value is not None:
            held = frame.value(value)
            return [(target, held, value) for target in targets]
        case ops.AugAssign(target=target, value=value):
            return [(target, frame.value(value), value)]
        case ops.For(target=target, iter=iter):
            return [(target, element_of(frame.value(iter)), None)]
        case ops.With(items=items):
            return [(item.target, frame.value(item.context), None) for item in items if item.target is not None]
        case _:
            return []


def _assign(frame: Frame, target: Expr, held: Value, value: Expr | None) -> None:
    match target:
        case ops.Name(id=name):
            if not (isinstance(value, ops.Call) and held == SESSION):
                frame.bind(name, held)
        case ops.Display(items=items):
            same = isinstance(value, ops.Display) and len(value.items) == len(items)
            for index, item in enumerate(items):
                part = value.items[index] if same and isinstance(value, ops.Display) else None
                _assign(frame, item, frame.value(part) if part is not None else element_of(held), part)
        case ops.Starred(value=inner):
            _assign(frame, inner, container(held), None)
        case ops.Attribute() | ops.Subscript() if held.is_tied and _is_own(frame, root_name(target)):
            frame.bind(root_name(target), container(held))
        case _:
            pass


def _bind_call(frame: Frame, node: ops.Call) -> None:
    """`names.append(user)` and `session.add(user)` tie what was not tied before."""
    if not isinstance(node.func, ops.Attribute):
        return
    holder = frame.value(node.func.value)
    if holder == SESSION and node.func.name in ("add", "delete", "add_all", "refresh"):
        for arg in node.args:
            if isinstance(arg, ops.Name) and not frame.lookup(arg.id).is_tied:
                frame.bind(arg.id, container(instance()) if node.func.name == "add_all" else instance(_made_of(frame, arg.id)))
    elif node.func.name in tables.CONTAINER_ADDS and holder.kind in ("plain", "container"):
        held = frame.joined((*node.args, *(keyword.value for keyword in node.keywords)))
        if node.func.name in ("extend", "update"):
            held = element_of(held)
        root = root_name(node.func.value)
        if held.is_tied and _is_own(frame, root):
            frame.bind(root, container(held))


def _made_of(frame: Frame, name: str) -> ClassId | None:
    """The model whose call is all that is ever assigned to a local variable."""
    found: set[ClassId | None] = {None} if any(p.name == name for p in frame.facts.parameters) else set()
    for node in walk(*frame.facts.body):
        if isinstance(node, ops.Assign) and name in {n for t in node.targets for n in target_names(t)}:
            symbol = frame.symbol(node.value.func) if isinstance(node.value, ops.Call) and len(node.targets) == 1 else None
            found.add(symbol.id if isinstance(symbol, ClassSymbol) and symbol.id in frame.program.models else None)
    return found.pop() if len(found) == 1 else None


def _is_own(frame: Frame, name: str) -> bool:
    """Whether the name is a local variable that holds something made in this function (so that what is put there stays there)."""
    facts = frame.facts
    if name not in facts.names or any(p.name == name for p in facts.parameters) or facts.name == "<module>":
        return False
    made = [
        node.value
        for node in walk(*facts.body)
        if isinstance(node, ops.Assign) and name in {n for t in node.targets for n in target_names(t)}
    ]
    return bool(made) and all(isinstance(v, ops.Display | ops.DictDisplay | ops.Comprehension | ops.Constant | ops.Call) for v in made)


# -- effects ------------------------------------------------------------------------------------------------------


def effect_of(frame: Frame, statement: Stmt) -> Effect:
    """What the statement itself does, once `settle` has learnt the names."""
    writes, begins, may_end = False, False, False
    escapes: list[Escape] = []
    for node in walk(*headers(statement)):
        if isinstance(node, ops.Call):
            one = _call_effect(frame, node)
            writes, escapes = writes or one.writes, [*escapes, *one.escapes]
            begins |= one.begins and not _is_savepoint(statement, node)
            may_end |= one.may_end
        elif isinstance(node, ops.Yield | ops.YieldFrom) and frame.value(node.value).is_tied:
            escapes.append(Escape(node.at, f"{_noun(frame.value(node.value))} is yielded"))
    for target in _targets(statement):
        changed, escape = _store(frame, target, statement)
        writes |= changed
        escapes += [escape] if escape is not None else []
    if isinstance(statement, ops.Return | ops.Raise):
        left = statement.value if isinstance(statement, ops.Return) else statement.error
        held = frame.value(left)
        if held.is_tied:
            verb = "returned" if isinstance(statement, ops.Return) else "raised"
            escapes.append(Escape(statement.at, f"{_noun(held)} is {verb}", isinstance(statement, ops.Return)))
    return Effect(writes, _is_end(frame, statement), begins, may_end, tuple(escapes))


def _call_effect(frame: Frame, node: ops.Call) -> Effect:
    one = frame.call(node)
    escapes = [Escape(node.at, one.escape)] if one.escape else []
    if not isinstance(node.func, ops.Attribute):
        return Effect(one.writes, may_end=one.ends, escapes=tuple(escapes))
    holder = frame.value(node.func.value)
    begins = holder == SESSION and node.func.name in tables.SESSION_BEGINS
    if holder == SESSION and node.func.name in ("add", "add_all", "refresh"):
        escapes += _added(frame, node)
    if holder.kind in ("plain", "container") and node.func.name in tables.CONTAINER_ADDS:
        escapes += _put(frame, node, node.func)
    return Effect(one.writes, begins=begins, may_end=one.ends, escapes=tuple(escapes))


def _is_savepoint(statement: Stmt, node: ops.Call) -> bool:
    """`with session.begin_nested():`, which is over, one way or the other, when the block is."""
    is_item = isinstance(statement, ops.With) and any(item.context is node for item in statement.items)
    return is_item and isinstance(node.func, ops.Attribute) and node.func.name == "begin_nested"


def _is_end(frame: Frame, statement: Stmt) -> bool:
    match statement:
        case ops.Evaluate(value=ops.Call(func=ops.Attribute(value=holder, name=name))):
            return frame.value(holder) == SESSION and name in tables.SESSION_ENDS
        case _:
            return False


def _targets(statement: Stmt) -> list[ops.Attribute | ops.Subscript]:
    match statement:
        case ops.Assign(targets=targets) | ops.Delete(targets=targets):
            found: Iterable[Expr] = targets
        case ops.AugAssign(target=target) | ops.For(target=target):
            found = [target]
        case ops.With(items=items):
            found = [item.target for item in items if item.target is not None]
        case _:
            return []
    flat = [part for target in found for part in (target.items if isinstance(target, ops.Display) else (target,))]
    return [target for target in flat if isinstance(target, ops.Attribute | ops.Subscript)]


def _store(frame: Frame, target: ops.Attribute | ops.Subscript, statement: Stmt) -> tuple[bool, Escape | None]:
    """Whether a store changes an instance, and whether it lets something tied escape."""
    holder = frame.value(target.value)
    if holder.is_tied and holder.kind != "object" and not (holder.kind == "container" and isinstance(target.value, ops.Name)):
        return True, None
    value = getattr(statement, "value", None)
    held = frame.value(value) if value is not None else PLAIN
    if held.is_tied and not _is_own(frame, root_name(target)) and not _is_self(frame, target.value, holder):
        return False, Escape(target.at, f"{_noun(held)} is stored in `{dotted(target)}`")
    return False, None


def _is_self(frame: Frame, expression: Expr, holder: Value) -> bool:
    """Whether it is the object whose method this is, when what it holds is known: it is followed where it goes."""
    facts = frame.facts
    if holder.kind != "object" or facts.owner < 0 or not facts.parameters:
        return False
    return isinstance(expression, ops.Name) and facts.parameters[0].name == expression.id


def _put(frame: Frame, node: ops.Call, func: ops.Attribute) -> list[Escape]:
    held = frame.joined((*node.args, *(keyword.value for keyword in node.keywords)))
    if held.is_tied and not _is_own(frame, root_name(func.value)):
        return [Escape(node.at, f"{_noun(held)} is put into `{dotted(func.value)}`")]
    return []


def _added(frame: Frame, node: ops.Call) -> list[Escape]:
    """An instance that somebody else holds comes to live by the session."""
    facts = frame.facts
    given = {parameter.name for parameter in facts.parameters}
    found = []
    for arg in node.args:
        root = root_name(arg)
        is_others = root in given or (bool(root) and root not in facts.names)
        if root and (is_others or (isinstance(arg, ops.Attribute | ops.Subscript) and not frame.lookup(root).is_tied)):
            found.append(Escape(node.at, f"`{dotted(arg)}`, which others hold, is added to the session"))
    return found


def _noun(value: Value) -> str:
    names = {
        "session": "the session",
        "query": "a query or result",
        "instance": "an instance",
        "container": "a collection of instances",
        "object": "an object that holds the session or an instance",
    }
    return names.get(value.kind, "a function that uses the session" if value == CLOSURE else "a value that may be tied to the session")


def examine(frame: Frame) -> Summary:
    """The summary of a whole function, its parameters being bound in `frame` already."""
    body = frame.facts.body
    settle(frame, body)
    value, writes, escape, ends = PLAIN, False, "", False
    for statement in statements(body):
        effect = effect_of(frame, statement)
        writes |= effect.writes
        ends |= effect.may_end
        for found in effect.escapes:
            if not isinstance(statement, ops.Return):
                escape = escape or f"{found.text} in `{frame.facts.qualname}`"
        if isinstance(statement, ops.Return):
            value = join(value, frame.value(statement.value))
    for name in frame.env:
        if frame.env[name].is_tied and _is_declared_elsewhere(frame, name):
            escape = escape or f"`{name}`, which outlives `{frame.facts.qualname}`, keeps it"
    if frame.facts.is_generator:
        return Summary(query(UNKNOWN) if frame.tied(*body) else PLAIN, writes, "", ends)
    return Summary(value, writes, escape, ends)


def _is_declared_elsewhere(frame: Frame, name: str) -> bool:
    return any(isinstance(node, ops.Global) and not node.is_nonlocal and name in node.names for node in walk(*frame.facts.body))
